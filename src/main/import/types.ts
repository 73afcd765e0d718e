import type { Message } from '#core/preference.ts';

export type ImportFormat = 'pairs' | 'hh-dialogue' | 'sharegpt';

export interface ImportedPair {
  readonly format: ImportFormat;
  readonly messages: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
  /** The row's own source name, aspect and id, where it has them. */
  readonly source: string | null;
  readonly aspect: string | null;
  readonly itemId: string | null;
}
export interface RowProblem {
  readonly field: string | null;
  readonly reason: string;
}
export type RowOutcome =
  | { readonly ok: true; readonly pair: ImportedPair }
  | { readonly ok: false; readonly problem: RowProblem };

/** Thrown inside the readers of one row, and turned into a `RowProblem` at its edge. */
export class UnreadableRow extends Error {
  readonly problem: RowProblem;
  constructor(field: string | null, reason: string) {
    super(reason);
    this.problem = { field, reason };
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is, in a person's words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
