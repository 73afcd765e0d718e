import { implement } from '@orpc/server';
import { contract } from '#shared/contract.ts';
import type { Services } from '../services/Services.ts';
import type { Host } from './Host.ts';

export interface RouterOptions {
  readonly services: Services;
  readonly host: Host;
  readonly version: string;
  readonly userDataDir: string;
  readonly log: (line: string) => void;
}

const api = implement(contract);

export function createRouter(options: RouterOptions) {
  const { services, host, version } = options;
  return { services, host, version, api };
}
export type Router = ReturnType<typeof createRouter>;
