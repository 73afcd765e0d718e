/** Pairs and labels as files: what is asked of an export, and what came of it. */
import { z } from 'zod';
import { pairFilterSchema } from './entities.ts';

export const EXPORT_SHAPES = [
  'facet',
  'trl',
  'trl-unpaired',
  'llama-factory',
  'axolotl',
  'argilla',
  'openai',
] as const;
export const EXPORT_FILES = ['jsonl', 'csv', 'parquet'] as const;
/** One label from what several people said; `all` gives each person's. */
export const LABEL_RULES = ['majority', 'adjudicated', 'all', 'weighted', 'consensus'] as const;
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
  /** Pairs that have all of these tags. */
  tags: z.array(z.string()).min(1).nullable().default(null),
  /** What somebody's Library shows under a filter. */
  shown: z
    .object({ filter: pairFilterSchema, annotatorId: z.number().int().nullable() })
    .nullable()
    .default(null),
});

export const dataExportSchema = z.object({
  shape: z.enum(EXPORT_SHAPES),
  out: z.string().min(1),
  file: z.enum(EXPORT_FILES),
  labels: z.enum(LABEL_RULES).default('majority'),
  /** Whose label decides where people differ, for `adjudicated`; null for what adjudicators have settled. */
  adjudicator: z.string().nullable().default(null),
  ties: z.enum(NO_PREFERENCE_RULES).default('leave-out'),
  bothBad: z.enum(NO_PREFERENCE_RULES).default('leave-out'),
  pairs: pairChoiceSchema.prefault({}),
  /** Share of the prompts that goes to a second file. */
  testShare: z.number().min(0).lt(1).default(0),
  seed: z.number().int().min(0).default(0),
  /** The run whose codes the card describes. */
  runId: z.number().int().nullable().default(null),
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

const countedSchema = z.object({ name: z.string(), count: z.number() });
/** A share of `of` cases, with its 95 % interval by Wilson's score; null where there is no case. */
export const shareSchema = z.object({
  count: z.number(),
  of: z.number(),
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
export const dataStatisticsSchema = z.object({
  pairs: z.number(),
  prompts: z.number(),
  /** Each pair once: decided by a person, else by a file, else only skipped, else open. */
  progress: z.object({ byPeople: z.number(), byFiles: z.number(), skipped: z.number(), open: z.number() }),
  /** Of people, where somebody decided a pair; else of files. Skips apart. */
  verdicts: z.array(countedSchema),
  /** Comparisons of two labels of one pair; `alpha` is Krippendorff's. */
  agreement: z.object({ compared: z.number(), same: z.number(), alpha: z.number().nullable() }),
  /** Of preferences between replies of unequal length, those for the longer one. */
  longer: shareSchema,
  /** The same by how many times longer the longer reply is, at most; null: the last class has no end. */
  longerByRatio: z.array(shareSchema.extend({ upTo: z.number().nullable() })),
  /** Of preferences whose sides are known, those for the left reply. */
  left: shareSchema,
  sources: z.array(countedSchema),
  aspects: z.array(countedSchema),
  people: z.array(
    z.object({
      name: z.string(),
      decided: z.number(),
      skipped: z.number(),
      /** Time taken for a verdict, in the middle; null where none is known. */
      medianMs: z.number().nullable(),
      left: shareSchema,
      /** Of preferences on pairs where the others prefer a reply, those that are the same. */
      likeOthers: shareSchema,
    }),
  ),
  /** Verdicts and skips given on a day of this machine's calendar. */
  days: z.array(z.object({ day: z.string(), annotator: z.string(), count: z.number() })),
  /** Of prompts looked at, spread over all of them: ISO 639-1 codes, `und` where a text does not tell. */
  languages: z.object({ prompts: z.number(), list: z.array(countedSchema) }),
});
export type Counted = z.infer<typeof countedSchema>;
export type Share = z.infer<typeof shareSchema>;
export type DataStatistics = z.infer<typeof dataStatisticsSchema>;

/** What near-duplicates are looked for among; pairs are alike by prompt and by both replies. */
export const duplicateThresholdSchema = z.number().min(0.3).max(1);
const foundSchema = z.object({ groups: z.number(), members: z.number() });
export const duplicateSummarySchema = z.object({
  /** Least share of windows of five characters that two texts have in common. */
  threshold: z.number(),
  madeAt: z.string(),
  pairs: z.number(),
  /** Pairs that came since. */
  later: z.number(),
  counts: z.object({ prompts: foundSchema, replies: foundSchema, pairs: foundSchema }),
});
export const duplicateGroupSchema = z.object({
  /** From 0, the largest first. */
  number: z.number(),
  size: z.number(),
  /** The first ones. */
  members: z.array(
    z.object({
      itemId: z.number().int(),
      /** What it has in common with the member that it was found to be like; 1 for the first. */
      similarity: z.number(),
      text: z.string(),
      /** A reply's prompt; a pair's source. */
      more: z.string().nullable(),
      /** A pair that it is in, and how many such pairs there are. */
      pairId: z.number().int().nullable(),
      pairs: z.number(),
    }),
  ),
});
const leakSizeSchema = z.object({ prompts: z.number(), pairs: z.number() });
export const leakageSchema = z.object({
  threshold: z.number(),
  heldOut: leakSizeSchema,
  /** Held-out ones that a training prompt is like. */
  leaking: leakSizeSchema,
  /** The most alike first. */
  examples: z.array(
    z.object({
      promptId: z.number().int(),
      text: z.string(),
      likePromptId: z.number().int(),
      like: z.string(),
      similarity: z.number(),
    }),
  ),
});

export type ExportShape = (typeof EXPORT_SHAPES)[number];
export type ExportFile = (typeof EXPORT_FILES)[number];
export type LabelRule = (typeof LABEL_RULES)[number];
export type PairChoice = z.infer<typeof pairChoiceSchema>;
export type DataExport = z.infer<typeof dataExportSchema>;
export type DataExported = z.infer<typeof dataExportedSchema>;
export type DuplicateSummary = z.infer<typeof duplicateSummarySchema>;
export type DuplicateGroup = z.infer<typeof duplicateGroupSchema>;
export type Leakage = z.infer<typeof leakageSchema>;
