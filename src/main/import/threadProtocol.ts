/** What an import's thread and the main process say to each other. */
import type { Failure } from '#core/result.ts';
import type { ImportFrame, ImportPreview } from '#shared/entities.ts';

export type ImportTask =
  | { readonly kind: 'preview'; readonly projectPath: string; readonly file: string }
  | { readonly kind: 'import'; readonly projectPath: string; readonly file: string; readonly at: string }
  /** Removes what an import that was broken off had written. */
  | { readonly kind: 'clean'; readonly projectPath: string };

export interface ThreadData {
  readonly task: ImportTask;
  /** How many others wait to write; see `Writer`. */
  readonly waiting: Int32Array;
}

export type FromImport =
  /** May this thread write now? It waits for `granted`. */
  | { readonly type: 'turn' }
  | { readonly type: 'release' }
  | { readonly type: 'frame'; readonly frame: ImportFrame }
  | { readonly type: 'preview'; readonly preview: ImportPreview }
  | { readonly type: 'failed'; readonly failure: Failure };

export type ToImport =
  | { readonly type: 'granted' }
  /** Remove what was written, then end. */
  | { readonly type: 'stop' }
  /** End at once: the project closes, and what is hidden goes when it is opened again. */
  | { readonly type: 'leave' };
