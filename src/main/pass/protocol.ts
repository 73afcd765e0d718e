/** Passes over a whole project, each in a thread of its own: what is asked, how far it is, what came of it. */
import type { Failure } from '#core/result.ts';
import type { Comparison, ComparisonAsk } from '#shared/comparisonEntities.ts';
import type { DataExport, DataExported, DataStatistics } from '#shared/dataEntities.ts';

export interface Passes {
  readonly export: { readonly ask: DataExport; readonly answer: DataExported };
  readonly statistics: { readonly ask: null; readonly answer: DataStatistics };
  readonly compare: {
    readonly ask: ComparisonAsk & { readonly filesDir: string };
    readonly answer: Comparison;
  };
}
export type PassName = keyof Passes;

export interface PassTask<K extends PassName = PassName> {
  readonly name: K;
  readonly projectPath: string;
  readonly ask: Passes[K]['ask'];
}
export interface ThreadData {
  readonly task: PassTask;
  /** Not 0 once the pass is to end. */
  readonly stop: Int32Array;
}
export type FromPass =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly answer: unknown }
  | { readonly type: 'failed'; readonly failure: Failure };

/** Called now and then: says how far a pass is, and throws once it is to end. */
export type Tick = (done: number, total: number) => void;
