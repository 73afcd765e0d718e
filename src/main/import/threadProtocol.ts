/** What an import's process, or the thread of another task, and the main process say to each other. */
import type { Failure } from '#core/result.ts';
import type { ImportFrame, ImportPreview, ImportRules } from '#shared/importEntities.ts';
import type { InputFile } from './files/bytes.ts';

interface ReadTask {
  readonly projectPath: string;
  readonly input: InputFile;
  readonly rules: ImportRules;
}
export type ImportTask =
  | ({ readonly kind: 'preview' } & ReadTask)
  | ({ readonly kind: 'import'; readonly at: string } & ReadTask)
  /** Removes what an import that was broken off had written. */
  | { readonly kind: 'clean'; readonly projectPath: string }
  /** Makes what search needs of the pairs that came in. */
  | { readonly kind: 'index'; readonly projectPath: string };

export interface ThreadData {
  readonly task: ImportTask;
  /** How many others wait to write; see `Writer`. Null for another process, which cannot see it. */
  readonly waiting: Int32Array | null;
}

export type FromImport =
  /** May this task write now? It waits for `granted`. */
  | { readonly type: 'turn' }
  | { readonly type: 'release' }
  | { readonly type: 'frame'; readonly frame: ImportFrame }
  | { readonly type: 'preview'; readonly preview: ImportPreview }
  | { readonly type: 'failed'; readonly failure: Failure };

export const STOPPED: Failure = {
  code: 'import.stopped',
  message: 'The import was stopped; the project is as it was before.',
  fix: 'Start it again when you like.',
};

export type ToImport =
  /** Whoever cannot see who waits ends the turn by itself after so long. */
  | { readonly type: 'granted'; readonly mostMs: number }
  /** Remove what was written, then end. */
  | { readonly type: 'stop' }
  /** End at once: the project closes, and what is hidden goes when it is opened again. */
  | { readonly type: 'leave' };
