import type { Database } from '../database.ts';
import { readStoredMessages } from '../storedMessages.ts';
import { type BuiltSegment, CHUNK_BYTES } from './SegmentBuilder.ts';

export interface StoredSegment {
  readonly id: number;
  readonly firstPair: number;
  readonly lastPair: number;
}
interface TextRow {
  readonly id: number;
  readonly messages: string;
  readonly a: string;
  readonly b: string;
}
/** Stands between two texts of a pair, so that no phrase reaches from one into the other. */
const BETWEEN = ' \0 ';

const TEXTS = `SELECT pairs.id, prompts.messages, a.text AS a, b.text AS b
  FROM stored_pairs AS pairs JOIN stored_prompts AS prompts ON prompts.id = pairs.prompt_id
  JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id`;

/** Neither other letters than ASCII's, nor blanks other than one space: folded, it only has small letters. */
const isPlain = (text: string): string =>
  `octet_length(${text}) = length(${text}) AND ${text} NOT GLOB '*[' || char(9) || '-' || char(13) || ']*'
   AND instr(${text}, '  ') = 0`;
/** 1 or 0 where it is plain whether a text of the pair holds a phrase of ASCII letters in lower case, else null. */
const HOLDING = `SELECT pairs.id, CASE
    WHEN instr(lower(a.text), @phrase) OR instr(lower(b.text), @phrase) THEN 1
    WHEN json_valid(prompts.messages) AND json_array_length(prompts.messages) = 1
      AND ${isPlain('a.text')} AND ${isPlain('b.text')} AND ${isPlain("(prompts.messages ->> '$[0].content')")}
    THEN instr(lower(prompts.messages ->> '$[0].content'), @phrase) > 0 END
  FROM json_each(@ids) AS asked CROSS JOIN stored_pairs AS pairs ON pairs.id = asked.value
  JOIN stored_prompts AS prompts ON prompts.id = pairs.prompt_id
  JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id`;

/** Everything of a pair that is searched. */
function searchedText({ messages, a, b }: TextRow): string {
  const stored = readStoredMessages(messages);
  const prompt = stored.ok ? stored.messages.map(({ content }) => content) : [];
  return [...prompt, a, b].join(BETWEEN);
}

const IS_ASCII = /^[\0-\x7f]*$/;
/** Fewer new pairs than this are read one by one in a search: it takes no longer. */
export const LEAST_INDEXED = 2000;
/** The last pair that is seen: no import is in what comes before it. */
export const LAST_VISIBLE = `SELECT coalesce(max(id), 0) FROM stored_pairs
  WHERE id <= (SELECT last_pair FROM visible)`;

export function searchTable(database: Database) {
  const lastVisible = database.prepare<[], number>(LAST_VISIBLE).pluck();
  const segments = database.prepare<[], StoredSegment>(
    `SELECT id, first_pair AS firstPair, last_pair AS lastPair FROM search_segments ORDER BY first_pair`,
  );
  const words = database.prepare<[number], { words: Buffer; starts: Buffer }>(
    'SELECT words, starts FROM search_segments WHERE id = ?',
  );
  const chunk = database
    .prepare<[number, number], Buffer>('SELECT data FROM search_postings WHERE segment_id = ? AND chunk = ?')
    .pluck();
  const range = database.prepare<[number, number], TextRow>(
    `${TEXTS} WHERE pairs.id >= ? AND pairs.id <= ? ORDER BY pairs.id`,
  );
  const one = database.prepare<[number], TextRow>(`${TEXTS} WHERE pairs.id = ?`);
  const holding = database
    .prepare<[{ ids: string; phrase: string }], [id: number, holds: 0 | 1 | null]>(HOLDING)
    .raw();
  return {
    lastVisible: (): number => lastVisible.get() as number,
    segments: (): StoredSegment[] => segments.all(),
    words: (segmentId: number) => words.get(segmentId) as { words: Buffer; starts: Buffer },
    chunk: (segmentId: number, number: number): Buffer => chunk.get(segmentId, number) as Buffer,
    *texts(from: number, to: number): Generator<{ readonly id: number; readonly text: string }> {
      for (const row of range.iterate(from, to)) yield { id: row.id, text: searchedText(row) };
    },
    /** Which of the pairs hold a folded phrase; null where only a look at the text tells. */
    holding: (ids: readonly number[], phrase: string): [id: number, holds: 0 | 1 | null][] =>
      IS_ASCII.test(phrase) ? holding.all({ ids: JSON.stringify(ids), phrase }) : ids.map((id) => [id, null]),
    text: (pairId: number): string => {
      const row = one.get(pairId);
      return row ? searchedText(row) : '';
    },
  };
}
export type SearchTable = ReturnType<typeof searchTable>;

/** Steps that write a segment, each short; nothing of it is read before the last. */
export function* segmentSteps(
  database: Database,
  { words, starts, postings }: BuiltSegment,
  firstPair: number,
  lastPair: number,
): Generator<() => void> {
  const addChunk = database.prepare<[number, number, Buffer]>(
    'INSERT INTO search_postings (segment_id, chunk, data) VALUES (?, ?, ?)',
  );
  // What a process that ended in the middle had written of one.
  const removeRest = database.prepare(
    'DELETE FROM search_postings WHERE segment_id NOT IN (SELECT id FROM search_segments)',
  );
  const nextId = database.prepare<[], number>('SELECT coalesce(max(id), 0) + 1 FROM search_segments').pluck();
  const removeBefore = database.prepare<[number]>('DELETE FROM search_segments WHERE first_pair = ?');
  const add = database.prepare<[number, number, number, Buffer, Buffer]>(
    'INSERT INTO search_segments (id, first_pair, last_pair, words, starts) VALUES (?, ?, ?, ?, ?)',
  );
  let id = 0;
  yield () => {
    removeRest.run();
    id = nextId.get() as number;
  };
  for (let start = 0; start < postings.length; start += CHUNK_BYTES) {
    yield () => void addChunk.run(id, start / CHUNK_BYTES, postings.subarray(start, start + CHUNK_BYTES));
  }
  yield () => {
    removeBefore.run(firstPair);
    add.run(id, firstPair, lastPair, words, starts);
  };
  yield () => void removeRest.run();
}
