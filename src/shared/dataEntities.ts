/** Pairs and labels as files: what is asked of an export, and what came of it. */
import { z } from 'zod';
import { pairFilterSchema } from './entities.ts';

export const EXPORT_SHAPES = ['facet', 'trl', 'llama-factory', 'axolotl', 'argilla', 'openai'] as const;
export const EXPORT_FILES = ['jsonl', 'csv', 'parquet'] as const;
/** One label from what several people said; `all` gives each person's. */
export const LABEL_RULES = ['majority', 'adjudicated', 'all', 'weighted'] as const;
/** What becomes of a label that prefers neither reply, in a shape of chosen and rejected. */
export const NO_PREFERENCE_RULES = ['leave-out', 'both-ways'] as const;
export const EXPORT_STATUSES = ['all', 'labelled', 'unlabelled', 'skipped', 'disputed'] as const;

const pairChoiceSchema = z.object({
  /** Names of sources; null for all. */
  sources: z.array(z.string()).nullable().default(null),
  text: z.string().default(''),
  /** Of `annotators`, or of everybody. */
  status: z.enum(EXPORT_STATUSES).default('all'),
  /** Whose verdicts count; null for everybody's. */
  annotators: z.array(z.string()).min(1).nullable().default(null),
  /** What somebody's Library shows under a filter. */
  shown: z.object({ filter: pairFilterSchema, annotatorId: z.number().nullable() }).nullable().default(null),
});

export const dataExportSchema = z.object({
  shape: z.enum(EXPORT_SHAPES),
  out: z.string().min(1),
  file: z.enum(EXPORT_FILES),
  labels: z.enum(LABEL_RULES).default('majority'),
  /** Whose label decides where people differ, for `adjudicated`. */
  adjudicator: z.string().nullable().default(null),
  ties: z.enum(NO_PREFERENCE_RULES).default('leave-out'),
  bothBad: z.enum(NO_PREFERENCE_RULES).default('leave-out'),
  pairs: pairChoiceSchema.prefault({}),
  /** Share of the prompts that goes to a second file. */
  testShare: z.number().min(0).lt(1).default(0),
  seed: z.number().int().min(0).default(0),
  /** The run whose codes the card describes. */
  runId: z.number().nullable().default(null),
});
/** How far a pass over the project is, then what came of it. */
export const passFrameSchema = <T extends z.ZodType>(result: T) =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
    z.object({ type: z.literal('done'), result }),
  ]);
export type PassFrame<T> =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly result: T };

export const dataExportedSchema = z.object({
  files: z.array(z.object({ path: z.string(), rows: z.number() })),
  card: z.string(),
  /** What tells another tool of the files. */
  beside: z.array(z.string()),
  /** Pairs that are not in the files, by reason. */
  leftOut: z.record(z.string(), z.number()),
});

export type ExportShape = (typeof EXPORT_SHAPES)[number];
export type ExportFile = (typeof EXPORT_FILES)[number];
export type LabelRule = (typeof LABEL_RULES)[number];
export type PairChoice = z.infer<typeof pairChoiceSchema>;
export type DataExport = z.infer<typeof dataExportSchema>;
export type DataExported = z.infer<typeof dataExportedSchema>;
