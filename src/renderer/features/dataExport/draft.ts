/** What the form of an export holds, and the request that it makes. Pure. */
import type { DataExport, ExportFile, ExportShape, LabelRule } from '#shared/dataEntities.ts';
import type { PairFilter } from '#shared/entities.ts';
import { SHAPES } from './shapes.ts';

export interface Draft {
  readonly shape: ExportShape;
  readonly file: ExportFile;
  /** Only what the Library shows. */
  readonly shownOnly: boolean;
  readonly labels: LabelRule;
  readonly adjudicator: string;
  /** Whose labels count; empty for everybody's. */
  readonly annotator: string;
  readonly ties: DataExport['ties'];
  readonly bothBad: DataExport['bothBad'];
  /** In percent, as it is typed. */
  readonly test: string;
  readonly seed: string;
  readonly runId: number | null;
}

export const FIRST_DRAFT: Draft = {
  shape: 'trl',
  file: 'jsonl',
  shownOnly: false,
  labels: 'majority',
  adjudicator: '',
  annotator: '',
  ties: 'leave-out',
  bothBad: 'leave-out',
  test: '0',
  seed: '0',
  runId: null,
};

export const prefers = ({ shape }: Draft): boolean =>
  SHAPES.find((one) => one.shape === shape)?.prefers === true;

/** What is wrong at a field, in words. */
export function problemsOf(draft: Draft): { test?: string; seed?: string } {
  const test = Number(draft.test);
  const seed = Number(draft.seed);
  return {
    ...(draft.test.trim() === '' || !(test >= 0 && test < 100) ? { test: 'From 0 to below 100' } : {}),
    ...(/^\d+$/.test(draft.seed.trim()) && Number.isSafeInteger(seed) ? {} : { seed: 'A whole number' }),
  };
}

/** Letters and figures of any script, so that it is a name on every system. */
export const suggestedName = (project: string, { shape, file }: Draft): string => {
  const safe = project
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${safe || 'pairs'}-${shape}.${file}`;
};

export function requestOf(
  draft: Draft,
  shown: { readonly filter: PairFilter; readonly annotatorId: number | null },
): Omit<DataExport, 'out'> {
  const { shape, file, labels, ties, bothBad, runId } = draft;
  return {
    ...{ shape, file, labels, ties, bothBad, runId },
    adjudicator: labels === 'adjudicated' && draft.adjudicator !== '' ? draft.adjudicator : null,
    pairs: {
      sources: null,
      text: '',
      status: 'all',
      tags: null,
      annotators: draft.annotator === '' ? null : [draft.annotator],
      shown: draft.shownOnly ? shown : null,
    },
    testShare: Number(draft.test) / 100,
    seed: Number(draft.seed),
  };
}
