/** What Facet itself wrote: all that is known of a pair. In a table the lists and objects are JSON texts. */
import { z } from 'zod';
import { VERDICTS } from '#core/preference.ts';
import { type TurnsOfTwo, textOfTurns } from '#core/replyTurns.ts';
import { messageSchema } from '#shared/entities.ts';
import { verdictAttributesSchema } from '#shared/verdictEntities.ts';
import { hashOfHex } from '../../data/hashes.ts';
import { withoutApostrophe } from '../../export/csv.ts';
import { parseExact } from '../json/rawJson.ts';
import type { Row } from '../Row.ts';
import { checkReplies } from '../read/replies.ts';
import { type ImportedItem, isText, type JsonObject, UnreadableRow } from '../types.ts';
import type { Shape } from './Shape.ts';

const key = z.enum(['a', 'b']).nullable();
const historySchema = z.object({
  seq: z.number().int(),
  annotator: z.string().min(1),
  kind: z.enum(['person', 'import']),
  decision: z.enum([...VERDICTS, 'retracted']),
  left: key,
  durationMs: z.number().int().min(0).nullable(),
  strength: z.number().positive().nullable().default(null),
  confidence: verdictAttributesSchema.shape.confidence.unwrap().optional(),
  rationale: z.string().optional(),
  flag: z.string().optional(),
  aspects: verdictAttributesSchema.shape.aspects.optional(),
  at: z.string(),
  action: z.enum(['decide', 'undo', 'redo']),
  restores: z.number().int().nullable(),
  below: z.number().int().nullable(),
  isStep: z.union([z.literal(0), z.literal(1)]),
  isCurrent: z.union([z.literal(0), z.literal(1)]),
  settles: z.literal(1).optional(),
  repeats: z.number().int().optional(),
  ranking: z
    .object({
      lead: z.number().int(),
      set: z.hex().length(32),
      ranks: z.tuple([z.number().int().min(1), z.number().int().min(1)]).nullable(),
    })
    .optional(),
  guidelines: z.number().int().optional(),
});
const guidelinesSchema = z.object({
  id: z.number().int(),
  number: z.number().int().min(1).nullable(),
  text: z.string(),
  note: z.string(),
  author: z.string().nullable(),
  savedAt: z.string(),
});
const goldSchema = z.object({
  answer: z.enum(['a', 'b', 'tie', 'both_bad']),
  annotator: z.string().min(1),
  kind: z.enum(['person', 'import']),
  reason: z.string().nullable(),
  shown: z.union([z.literal(0), z.literal(1)]),
});
const ratingSchema = z.object({
  seq: z.number().int(),
  reply: z.enum(['a', 'b']),
  annotator: z.string().min(1),
  scale: z.enum(['thumbs', 'five']),
  value: z.number().int().min(0).max(5).nullable(),
  durationMs: z.number().int().min(0).nullable(),
  at: z.string(),
  previous: z.number().int().nullable(),
  below: z.number().int().nullable(),
  stands: z.union([z.literal(0), z.literal(1)]),
  isCurrent: z.union([z.literal(0), z.literal(1)]),
  guidelines: z.number().int().optional(),
});
const base = z.object({
  source: z.object({ name: z.string(), file: z.string(), format: z.string(), row: z.number().int() }),
  messages: z.array(messageSchema).min(1),
  aspect: z.string().nullable(),
  itemId: z.string().nullable(),
  // Checked by hand: numbers that JavaScript would round are kept as they are written.
  metadata: z.unknown(),
});
const pairSchema = base.extend({
  a: z.string(),
  b: z.string(),
  aTurns: z.array(messageSchema).min(1).nullish(),
  bTurns: z.array(messageSchema).min(1).nullish(),
  history: z.array(historySchema),
  tags: z.array(z.string().min(1)).nullish(),
  excluded: z.boolean().nullish(),
  first: z.boolean().nullish(),
  gold: goldSchema.nullish(),
  sets: z.array(z.object({ hash: z.hex().length(32), pairs: z.number().int().min(3) })).nullish(),
  written: z.string().nullish(),
  ratings: z.array(ratingSchema).nullish(),
  guidelines: z.array(guidelinesSchema).nullish(),
});
const singleSchema = base.extend({
  reply: z.string(),
  turns: z.array(messageSchema).min(1).nullish(),
  desirable: z.boolean(),
});

const JSON_COLUMNS = [
  'messages',
  'source',
  'history',
  'metadata',
  'tags',
  'aTurns',
  'bTurns',
  'turns',
  'gold',
  'sets',
  'ratings',
  'guidelines',
];

/** Cells of a table: JSON texts as values, empty ones as null, formulas as they were. */
function withoutTexts(value: JsonObject): JsonObject {
  const isCsv = value.facet === 'pair-csv' || value.facet === 'single-csv';
  const parsed = Object.entries(value).map(([name, stored]): [string, unknown] => {
    const cell = isCsv && isText(stored) ? withoutApostrophe(stored) : stored;
    if (JSON_COLUMNS.includes(name) && isText(cell)) return [name, parseExact(cell)];
    if (['desirable', 'excluded', 'first'].includes(name) && isText(cell)) return [name, cell === 'true'];
    return [name, cell];
  });
  return { aspect: null, itemId: null, metadata: null, ...Object.fromEntries(parsed) };
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UnreadableRow(
    issue?.path.join('.') ?? null,
    `is not as Facet writes it: ${issue?.message ?? 'unknown'}`,
  );
}

const metadataOf = (value: unknown): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

function readPair(value: JsonObject): ImportedItem {
  const { a, b, aTurns, bTurns, history, metadata, source, ...given } = checked(pairSchema, value);
  const { tags, excluded, first, gold, sets, written, guidelines, ratings, ...pair } = given;
  const turns: TurnsOfTwo = [aTurns ?? null, bTurns ?? null];
  const { name, ...origin } = source;
  checkReplies({ messages: [...pair.messages], replies: [a, b], turns }, ['a', 'b']);
  return {
    kind: 'pair',
    ...pair,
    replies: [aTurns ? textOfTurns(aTurns) : a, bTurns ? textOfTurns(bTurns) : b],
    ...(turns.some(Boolean) && { turns }),
    verdicts: [],
    history,
    ...(sets && { sets: sets.map(({ hash, pairs }) => ({ hash: hashOfHex(hash), pairs })) }),
    marks: {
      tags: tags ?? [],
      excluded: excluded === true,
      first: first === true,
      ...(gold && { gold }),
      ...(typeof written === 'string' && { written }),
    },
    ...(guidelines && { guidelines }),
    ...(ratings && { ratings }),
    source: name,
    origin,
    metadata: metadataOf(metadata),
  };
}

function readSingle(value: JsonObject): ImportedItem {
  const { metadata, source, ...single } = checked(singleSchema, value);
  const { name, ...origin } = source;
  return { kind: 'single', ...single, source: name, origin, metadata: metadataOf(metadata) };
}

const KINDS: readonly unknown[] = ['pair', 'single', 'pair-csv', 'single-csv'];

export const facet: Shape = {
  name: 'facet',
  matches: (row: Row) => KINDS.includes(row.value.facet),
  read: ({ value }) => {
    const whole = withoutTexts(value);
    return [value.facet === 'pair' || value.facet === 'pair-csv' ? readPair(whole) : readSingle(whole)];
  },
};
