/** What the thread that reads a project is asked, and answers. */
import type { Failure } from '#core/result.ts';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import type { StatusCounts } from '../data/LibraryIndex.ts';
import type { Viewer } from '../data/pairRows.ts';

export interface Questions {
  readonly count: (filter: PairFilter, annotatorId: number | null) => number;
  readonly rows: (filter: PairFilter, viewer: Viewer, offset: number, limit: number) => PairRow[];
  readonly statusCounts: (
    filter: Pick<PairFilter, 'text' | 'sourceId'>,
    annotatorId: number | null,
  ) => StatusCounts;
  /** Ids of the pairs that hold a text. */
  readonly find: (filter: Pick<PairFilter, 'text' | 'sourceId'>) => number[];
}
export type QuestionName = keyof Questions;

export interface Question {
  readonly id: number;
  readonly name: QuestionName;
  readonly args: readonly unknown[];
}
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure };
