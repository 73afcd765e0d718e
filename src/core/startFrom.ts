/** What `startFrom` of a run's settings names: a checkpoint of an earlier run, or the folder of an adapter. */

export type NamedStart =
  | { readonly kind: 'run'; readonly runId: number; readonly checkpoint: 'last' | 'best' }
  | { readonly kind: 'folder'; readonly path: string };

const RUN = /^run:(\d{1,9})(@best)?$/;

export function namedStart(startFrom: string): NamedStart {
  const [, id, best] = RUN.exec(startFrom) ?? [];
  if (id === undefined) return { kind: 'folder', path: startFrom };
  return { kind: 'run', runId: Number(id), checkpoint: best === undefined ? 'last' : 'best' };
}

export const startOfRun = (runId: number, checkpoint: 'last' | 'best'): string =>
  `run:${runId}${checkpoint === 'best' ? '@best' : ''}`;
