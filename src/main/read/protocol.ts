/** What the process that reads a project is asked, and answers. */
import type { LabelScope } from '#core/agreement.ts';
import type { Failure } from '#core/result.ts';
import type { DuplicateGroup, DuplicateSummary } from '#shared/dataEntities.ts';
import type { PairDetails, PairFilter, PairRow, Selection, Source } from '#shared/entities.ts';
import type { DuplicateKind, FilterChoices, Sort, TagCount } from '#shared/library.ts';
import type { QueueOrder } from '#shared/queueOrder.ts';
import type { Disputes } from '../data/adjudications.ts';
import type { LabelNow } from '../data/auditRows.ts';
import type { HeldOutPair } from '../data/heldOutPairs.ts';
import type { SelectedPairs, StatusCounts } from '../data/LibraryIndex.ts';
import type { Look, Viewer } from '../data/pairRows.ts';
import type { OrderedColumns } from '../data/queueOrders.ts';

export interface Questions {
  /** Sources, with the pairs of each that are in use. */
  readonly sources: () => Source[];
  readonly count: (filter: PairFilter, viewer: Viewer) => number;
  readonly rows: (
    filter: PairFilter,
    viewer: Viewer,
    offset: number,
    limit: number,
    look?: Look,
  ) => PairRow[];
  readonly statusCounts: (filter: Omit<PairFilter, 'status'>, viewer: Viewer) => StatusCounts;
  readonly ids: (
    filter: PairFilter,
    viewer: Viewer,
    offset: number,
    limit: number,
    sort: Sort | null,
  ) => number[];
  readonly select: (selection: Selection, viewer: Viewer, markId: number, adds: boolean) => SelectedPairs;
  /** How far an answer is that takes long, from 0 to 1; null where it is known. Answered at once. */
  readonly progress: (filter: PairFilter, viewer: Viewer, sort: Sort | null) => number | null;
  readonly tags: () => TagCount[];
  readonly choices: () => FilterChoices;
  readonly details: (pairId: number, viewer: Viewer) => PairDetails | null;
  /** Ids of the pairs that a queue is kept to. */
  readonly find: (filter: Omit<PairFilter, 'status'>, viewer: Viewer) => Uint32Array<ArrayBuffer>;
  /** The same in the order of a queue. */
  readonly order: (order: QueueOrder, filter: Omit<PairFilter, 'status'>, viewer: Viewer) => OrderedColumns;
  /** Pairs on which people differ. */
  readonly disputes: () => Disputes;
  /** What the labels of some pairs say now. */
  readonly labelsNow: (pairIds: readonly number[], labels: LabelScope) => LabelNow[];
  readonly heldOutPairs: (
    runId: number,
    step: number,
    order: 'worst' | 'best',
    limit: number,
  ) => HeldOutPair[];
  readonly duplicateSummary: () => DuplicateSummary | null;
  readonly duplicateGroups: (kind: DuplicateKind, from: number, limit: number) => DuplicateGroup[];
}
type QuestionName = keyof Questions;

export interface Question<Name extends string = QuestionName> {
  readonly id: number;
  readonly name: Name;
  readonly args: readonly unknown[];
}
/** What main says: a question, that nobody waits for its answer any more, or, last of all, that none will follow. */
export type FromMain<Name extends string = QuestionName> =
  | Question<Name>
  | { readonly cancel: number }
  | 'close';
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure };
