import { forLog } from '#core/plainText.ts';
import type { Host } from './api/Host.ts';
import { createRouter, type Router } from './api/router.ts';
import { storeUpload } from './api/uploads.ts';
import type { ComputeClient } from './compute/ComputeClient.ts';
import { createServices, type Services } from './services/createServices.ts';

export interface FacetOptions {
  /** Recent projects, the sample project, uploads and caches. Made if absent. */
  readonly userDataDir: string;
  /** Holds `starter/` (a model folder) and `sample/*.jsonl`. */
  readonly resourcesDir: string;
  readonly compute: ComputeClient;
  readonly host: Host;
  /** Stored with every run. */
  readonly version: string;
  /** Goes on when a project is opened with the codes that were still to be read: where somebody looks at it. */
  readonly readsOnOpen?: boolean;
  /** Takes one line for each unexpected error; standard error by default. */
  readonly log?: (line: string) => void;
}

export interface Facet {
  readonly services: Services;
  readonly router: Router;
  readonly userDataDir: string;
  /** Keeps a file that came from elsewhere until it is imported; gives its path. */
  storeUpload(name: string, parts: AsyncIterable<Uint8Array>, beside?: string | null): Promise<string>;
  /** Pauses downloads, stops a running training, closes the project, then the compute client. */
  dispose(): Promise<void>;
}

/** The one composition root: window, server, command line and tests start here. */
export function createFacet(options: FacetOptions): Facet {
  const write = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const log = (text: string): void => void write(forLog(text));
  const services = createServices({ ...options, log });
  const router = createRouter({ ...options, services, log });
  return {
    services,
    router,
    userDataDir: options.userDataDir,
    storeUpload: (name, parts, beside) => storeUpload(name, parts, options.userDataDir, beside),
    dispose: async () => {
      await services.hub.dispose();
      await services.project.close();
      await options.compute.dispose();
    },
  };
}
