/** Passes over a whole project, each in a thread of its own: what is asked, how far it is, what came of it. */

import type { Failure } from '#core/result.ts';
import type { AgreementAsk, AgreementReport } from '#shared/agreementEntities.ts';
import type { CodeLabels } from '#shared/codeLabels.ts';
import type { Comparison } from '#shared/comparisonEntities.ts';
import type { DataExport, DataExported, DataStatistics, Leakage } from '#shared/dataEntities.ts';
import type { AuditPairs, AuditPairsAsk } from '../audit/auditPairs.ts';
import type { CodeLabelsAsk } from '../codes/codeLabels.ts';
import type { LayOutAsk } from '../codes/map/layOut.ts';
import type { PlacedAsk } from '../compare/compareRuns.ts';

export interface Passes {
  /** What is damaged in the file, in words. */
  readonly check: { readonly ask: { readonly deep: boolean }; readonly answer: readonly string[] };
  /** A whole copy of one state of the file at `target`, read back. */
  readonly backup: { readonly ask: { readonly target: string }; readonly answer: null };
  readonly export: { readonly ask: DataExport; readonly answer: DataExported };
  readonly duplicates: {
    readonly ask: { readonly threshold: number; readonly at: string };
    readonly answer: null;
  };
  readonly labels: { readonly ask: CodeLabelsAsk; readonly answer: CodeLabels };
  readonly leakage: {
    readonly ask: { readonly runDir: string; readonly threshold: number };
    readonly answer: Leakage;
  };
  /** Writes the labelled pairs of a selection for an audit of them. */
  readonly audit: { readonly ask: AuditPairsAsk; readonly answer: AuditPairs };
  readonly agreement: { readonly ask: AgreementAsk; readonly answer: AgreementReport };
  readonly statistics: { readonly ask: null; readonly answer: DataStatistics };
  /** Keeps a picture of prompts beside the run. */
  readonly map: { readonly ask: LayOutAsk; readonly answer: null };
  readonly compare: {
    readonly ask: PlacedAsk;
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
  /** How many others wait to write; see `Writer`. */
  readonly waiting: Int32Array;
}
export type FromPass =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  /** May this thread write now? It waits for `granted`. */
  | { readonly type: 'turn' }
  | { readonly type: 'release' }
  | { readonly type: 'done'; readonly answer: unknown }
  | { readonly type: 'failed'; readonly failure: Failure };

export type ToPass = 'granted';

/** Called now and then: says how far a pass is, and throws once it is to end. */
export type Tick = (done: number, total: number) => void;
