/** How the Library's table is filtered, ordered and changed. */
import { z } from 'zod';
import { VERDICTS } from '#core/preference.ts';

const rangeSchema = z.object({ min: z.number().optional(), max: z.number().optional() });

/** What near-duplicates are looked for among. */
export const DUPLICATE_KINDS = ['prompts', 'replies', 'pairs'] as const;

/** Lengths are counted in characters; `longer` and `shorter` are of the two replies. */
const LENGTHS = ['prompt', 'a', 'b', 'longer', 'shorter', 'difference'] as const;

/**
 * What pairs must be, beyond text, source and status; all of it at once. What a blind project hides of a pair answers no
 * condition.
 */
export const conditionsSchema = z.object({
  /** Pairs in use unless it says otherwise. */
  shown: z.enum(['excluded', 'deleted', 'first']).optional(),
  tags: z.array(z.string()).optional(),
  /** What stands on the pair as the table shows it. */
  verdicts: z.array(z.enum([...VERDICTS, 'none'])).optional(),
  /** Any of these has decided it; people whom a file names count as well. */
  annotators: z.array(z.number()).optional(),
  /**
   * Any of these people had it on the desk, on screen or among the next ones there, or said anything of it; with `unsaid`
   * nothing that they said of it stands, not even a skip.
   */
  seen: z.object({ by: z.array(z.number()), unsaid: z.boolean().optional() }).optional(),
  /** People decided differently, those whom files name among them; or a person otherwise than the file. */
  disagreement: z.enum(['people', 'file']).optional(),
  /** Somebody flagged it with what they decided. */
  flagged: z.boolean().optional(),
  lengths: z.array(rangeSchema.extend({ of: z.enum(LENGTHS) })).optional(),
  languages: z.array(z.string()).optional(),
  codes: z.array(z.number()).optional(),
  margin: rangeSchema.optional(),
  /**
   * Near-duplicates, as the last search found them: pairs of any group, or `others`, all but those of the member that is
   * kept of each group (the first, unless it is named).
   */
  duplicates: z
    .object({
      kind: z.enum(DUPLICATE_KINDS),
      which: z.enum(['any', 'others']),
      group: z.number().int().min(0).optional(),
      keep: z.number().int().optional(),
    })
    .optional(),
  metadata: z
    .array(rangeSchema.extend({ field: z.string(), is: z.string().optional(), has: z.string().optional() }))
    .optional(),
});

const SORT_COLUMNS = [
  'added',
  'prompt',
  'a',
  'b',
  'source',
  'aspect',
  'verdict',
  'by',
  'decided',
  'code',
  'margin',
  'tags',
  'language',
  'promptLength',
  'aLength',
  'bLength',
] as const;
/** A column, or a field of the metadata: `metadata:difficulty`. Pairs of which it is not known come last. */
export const sortSchema = z.object({
  column: z.union([z.enum(SORT_COLUMNS), z.templateLiteral(['metadata:', z.string()])]),
  descending: z.boolean(),
});

export const MARK_ACTIONS = [
  'tag',
  'untag',
  'exclude',
  'include',
  'delete',
  'restore',
  'queue',
  'unqueue',
] as const;
export const tagNameSchema = z.string().trim().min(1).max(60);
export const tagCountSchema = z.object({ name: z.string(), pairs: z.number() });

/** What there is to choose among in a filter. */
export const filterChoicesSchema = z.object({
  /** Those who label here first, then those whom files name. */
  people: z.array(z.object({ id: z.number().int(), name: z.string(), kind: z.enum(['person', 'import']) })),
  fields: z.array(z.string()),
  /** Of pairs in use, most first; a pair whose language is not known is in none. */
  languages: z.array(z.object({ code: z.string(), pairs: z.number() })),
});
/** Characters of the texts, and the prompt's language as an ISO 639-1 code. */
export const measuresSchema = z.object({
  prompt: z.number(),
  a: z.number(),
  b: z.number(),
  language: z.string().nullable(),
});

/** A change of many pairs that was made, and what undo would take back. */
export const markChangeSchema = z.object({
  id: z.number().int(),
  kind: z.enum(['deleted', 'excluded', 'first', 'tag']),
  /** Of the tag. */
  name: z.string(),
  adds: z.boolean(),
  /** How many pairs it changed. */
  pairs: z.number(),
});

export type DuplicateKind = (typeof DUPLICATE_KINDS)[number];
export type Conditions = z.infer<typeof conditionsSchema>;
export type Sort = z.infer<typeof sortSchema>;
export type SortColumn = Sort['column'];
export type MarkAction = (typeof MARK_ACTIONS)[number];
export type TagCount = z.infer<typeof tagCountSchema>;
export type FilterChoices = z.infer<typeof filterChoicesSchema>;
export type Measures = z.infer<typeof measuresSchema>;
export type MarkChange = z.infer<typeof markChangeSchema>;
