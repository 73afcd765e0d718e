/** What an import's thread and the main process say to each other. */
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
