import type { MarkChange } from '#shared/library.ts';
import { plural } from '../../format.ts';

const DONE: Readonly<Record<MarkChange['kind'], readonly [adds: string, takes: string]>> = {
  deleted: ['deleted', 'restored'],
  excluded: ['excluded', 'included again'],
  first: ['sent to the queue', 'taken from the front of the queue'],
  tag: ['tagged', 'no longer tagged'],
};

/** What a change did: “12 pairs excluded”. Pure. */
export function changeWords({ kind, name, adds, pairs }: MarkChange): string {
  const [added, taken] = DONE[kind];
  const what = kind === 'tag' ? ` “${name}”` : '';
  return `${plural(pairs, 'pair')} ${adds ? added : taken}${what}`;
}
