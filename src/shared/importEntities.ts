/** What crosses between renderer and main about imports. */
import { z } from 'zod';
import { messageSchema } from './entities.ts';

/** What a field of a file can be, in the order in which a person thinks of it. */
export const IMPORT_PARTS = [
  'prompt',
  'system',
  'history',
  'context',
  'replyA',
  'replyB',
  'chosen',
  'rejected',
  'replies',
  'scores',
  'ranks',
  'verdict',
  'strength',
  'aspect',
  'annotator',
  'id',
  'source',
  'metadata',
] as const;
export type ImportPart = (typeof IMPORT_PARTS)[number];
/** Other names of parts in the shell's `--map`. */
export const SHORT_PARTS: Readonly<Record<string, ImportPart>> = {
  a: 'replyA',
  b: 'replyB',
  messages: 'prompt',
};
const importPartSchema = z.enum(IMPORT_PARTS);

/** Rules of an import that a person sets; see `facet import --help`. */
const importRulesSchema = z.object({
  /**
   * Which field of the file is which part; an empty name: none is. Without it, the mapping that the project remembers
   * for a file of these fields holds; an empty mapping is none.
   */
  map: z.partialRecord(importPartSchema, z.string()).optional(),
  /** What a value of the verdict's field says, where it does not say it clearly itself. */
  verdicts: z.record(z.string(), z.enum(['first', 'second', 'tie', 'both_bad', 'none'])).optional(),
  /** Which pairs n replies make: best against each, all, or neighbours in rank. */
  pairing: z.enum(['best', 'all', 'adjacent']).optional(),
  margin: z.number().min(0).optional(),
  /** The least score of a good reply, for replies that no other one to their prompt is compared with. */
  goodFrom: z.number().optional(),
  jsonTexts: z.enum(['read', 'keep']).optional(),
});
export const importRequestSchema = z.object({
  file: z.string(),
  /** One file of the archive that `file` is. */
  entry: z.string().optional(),
  rules: importRulesSchema.optional(),
});
/**
 * What became of the rows: `addedRows`, `joined`, `singles`, `alreadyThere`, `conflicts` and `refused` add up to `rows`.
 * `added`, `unlabelled`, `ties` and `bothBad` count pairs, of which a row of several replies makes more than one.
 */
const importCountsSchema = z.object({
  rows: z.number(),
  /** New pairs, with those that have no label or no preference. */
  added: z.number(),
  /** Rows that brought new pairs. */
  addedRows: z.number(),
  unlabelled: z.number(),
  ties: z.number(),
  bothBad: z.number(),
  /** Further verdicts on pairs that were there. */
  joined: z.number(),
  singles: z.number(),
  alreadyThere: z.number(),
  conflicts: z.number(),
  refused: z.number(),
});
const importProblemSchema = z.object({
  row: z.number(),
  field: z.string().nullable(),
  reason: z.string(),
});
const readingsSchema = z.array(z.object({ part: z.string(), field: z.string() }));
export const importPreviewSchema = z.object({
  file: z.string(),
  /** The shape that most rows have: `pairs`, `hh-dialogue`, `sharegpt`, `two-replies` … */
  format: z.string(),
  rows: z.number(),
  readable: z.number(),
  /** Already in the project (same prompt and replies): left out. */
  duplicates: z.number(),
  counts: importCountsSchema,
  /** Fields that the first rows have; those of an object as `object.field`. */
  fields: z.array(z.string()),
  /** The mapping that was used, and whether it was remembered from an earlier import. */
  map: z.partialRecord(importPartSchema, z.string()).nullable(),
  verdicts: importRulesSchema.shape.verdicts,
  isMapRemembered: z.boolean(),
  /** The set as which LLaMA-Factory's dataset_info.json beside the file describes it, where there is one. */
  listedAs: z.string().nullable(),
  /** Which field each part of a pair is read from. */
  readings: readingsSchema,
  /** Columns that are no part of a pair, and are kept beside it. */
  metadataFields: z.array(z.string()),
  problems: z.array(importProblemSchema),
  /** All unreadable rows, of which `problems` lists the first 200. */
  problemCount: z.number(),
  sample: z.array(
    z.object({
      messages: z.array(messageSchema),
      chosen: z.string(),
      /** Null: a single reply, which is good where it is `first` and else bad. */
      rejected: z.string().nullable(),
      source: z.string(),
      /** Null: nobody has decided yet. */
      verdict: z.enum(['first', 'second', 'tie', 'both_bad']).nullable(),
      strength: z.number().nullable(),
    }),
  ),
});
export const importFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), rows: z.number(), bytesRead: z.number(), bytesTotal: z.number() }),
  z.object({
    type: z.literal('done'),
    map: z.partialRecord(importPartSchema, z.string()).nullable(),
    isMapRemembered: z.boolean(),
    listedAs: z.string().nullable(),
    sourceIds: z.array(z.number().int()),
    format: z.string(),
    imported: z.number(),
    duplicates: z.number(),
    counts: importCountsSchema,
    readings: readingsSchema,
    metadataFields: z.array(z.string()),
    problemCount: z.number(),
    problems: z.array(importProblemSchema),
  }),
]);

export type ImportRules = z.infer<typeof importRulesSchema>;
export type ImportCounts = z.infer<typeof importCountsSchema>;
export type ImportPreview = z.infer<typeof importPreviewSchema>;
export type ImportFrame = z.infer<typeof importFrameSchema>;

type Verdicts = NonNullable<ImportRules['verdicts']>;
const VERDICT_WORDS: Readonly<Record<string, Verdicts[string]>> = {
  a: 'first',
  b: 'second',
  tie: 'tie',
  both_bad: 'both_bad',
  none: 'none',
};

/** `0=a, 1=b, 2=tie`: what the values of the verdict's field say; null where it is not written so. */
export function verdictsIn(text: string): Verdicts | null {
  const entries = text.trim() === '' ? [] : text.split(',');
  const verdicts: Verdicts = {};
  for (const entry of entries) {
    const cut = entry.lastIndexOf('=');
    const word = entry.slice(cut + 1).trim();
    if (cut < 1 || !Object.hasOwn(VERDICT_WORDS, word)) return null;
    verdicts[entry.slice(0, cut).trim()] = VERDICT_WORDS[word] as Verdicts[string];
  }
  return verdicts;
}
export const verdictsText = (verdicts: Verdicts): string =>
  Object.entries(verdicts)
    .map(
      ([value, verdict]) =>
        `${value}=${Object.entries(VERDICT_WORDS).find(([, known]) => known === verdict)?.[0]}`,
    )
    .join(', ');
