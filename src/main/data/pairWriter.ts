import { type Decision, type Message, preferredReply } from '#core/preference.ts';
import type { Database } from './database.ts';
import { HashTable } from './HashTable.ts';
import { orderedReplies, pairHash, promptHash, responseHash } from './hashes.ts';
import { KnownReplies } from './KnownReplies.ts';
import { type PairHashes, storedHashes } from './pairHashes.ts';
import { pairInserts } from './pairInserts.ts';

/** The one annotator that stands for the labels of imported files. */
const IMPORT_ANNOTATOR = 'imported';

export interface NewPair {
  readonly messages: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
  readonly aspect: string | null;
  /** The row's own id in its file, where it has one. */
  readonly itemId: string | null;
  readonly row: number;
}
export interface UnlabelledPair {
  readonly messages: readonly Message[];
  /** Two that differ. */
  readonly replies: readonly [string, string];
}
export interface NewSource {
  readonly name: string;
  readonly file: string;
  readonly format: string;
}
/** `conflict`: the pair is already there with the other reply preferred. */
export type AddOutcome = 'added' | 'duplicate' | 'conflict';

/** `chosenIsA`: the preferred reply is the one that is stored as `a`. */
interface StoredPair {
  readonly pairId: number;
  readonly chosenIsA: boolean;
}

const PREVIEW_LENGTH = 240;

const firstIs = (chosen: Buffer, rejected: Buffer): boolean =>
  orderedReplies([chosen, rejected])[0] === chosen;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function promptPreview(messages: readonly Message[]): string {
  const { content = '' } = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1) ?? {};
  // The start is enough of any text that is not mostly blank.
  const start = oneLine(content.slice(0, 4 * PREVIEW_LENGTH));
  const line = start.length >= 2 * PREVIEW_LENGTH ? start : oneLine(content.slice(0, 100 * PREVIEW_LENGTH));
  if (line.length <= PREVIEW_LENGTH) return line;
  const units = line.slice(0, 2 * PREVIEW_LENGTH);
  return /[\ud800-\udfff]/.test(units)
    ? [...units].slice(0, PREVIEW_LENGTH).join('')
    : units.slice(0, PREVIEW_LENGTH);
}

/** 53 bits that stand for a text (cyrb53). */
function textMark(text: string): number {
  let [low, high] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (high & 0x1fffff) + (low >>> 0);
}

/** Tells apart rows that hold the same texts under ids of their own; without ids they are one. */
export class Occurrences {
  /** By the content's hash, what stands for its first id: a file of a million rows has a million of them. */
  readonly #first = new HashTable();
  readonly #more = new Map<string, string[]>();

  of(content: Buffer, itemId: string | null): number {
    if (itemId === null) return 0;
    const mark = textMark(itemId);
    const first = this.#first.get(content);
    if (first === undefined) this.#first.set(content, mark);
    if (first === undefined || first === mark) return 0;
    const key = content.toString('latin1');
    const ids = this.#more.get(key) ?? [];
    this.#more.set(key, ids);
    const known = ids.indexOf(itemId);
    return 1 + (known >= 0 ? known : ids.push(itemId) - 1);
  }
}

export interface HashedPair {
  readonly prompt: Buffer;
  readonly chosen: Buffer;
  readonly rejected: Buffer;
  readonly pair: Buffer;
}
export function hashPair(pair: NewPair, occurrences: Occurrences): HashedPair {
  const prompt = promptHash(pair.messages);
  const chosen = responseHash(pair.chosen);
  const rejected = responseHash(pair.rejected);
  const first = pairHash(prompt, [chosen, rejected], pair.aspect, 0);
  const occurrence = occurrences.of(first, pair.itemId);
  const hash = occurrence === 0 ? first : pairHash(prompt, [chosen, rejected], pair.aspect, occurrence);
  return { prompt, chosen, rejected, pair: hash };
}

function importAnnotatorId(database: Database): number {
  database
    .prepare("INSERT INTO annotators (name, kind) VALUES (?, 'import') ON CONFLICT (kind, name) DO NOTHING")
    .run(IMPORT_ANNOTATOR);
  return database
    .prepare<[string], number>("SELECT id FROM annotators WHERE kind = 'import' AND name = ?")
    .pluck()
    .get(IMPORT_ANNOTATOR) as number;
}

export function sourceIdOf(database: Database, { name, file }: Omit<NewSource, 'format'>): number | null {
  return (
    database
      .prepare<[string, string], number>('SELECT id FROM sources WHERE name = ? AND file = ?')
      .pluck()
      .get(name, file) ?? null
  );
}

/**
 * Adds pairs, with their imported label or without one. The caller holds the transaction, and the turn for adding
 * pairs: ids follow on those that are there.
 */
export function pairWriter(database: Database, at: string, known: PairHashes = storedHashes(database)) {
  const importerId = importAnnotatorId(database);
  const rows = pairInserts(database);
  const imported = database
    .prepare<[number], Decision>(
      `SELECT decision FROM standing WHERE pair_id = ? AND annotator_id = ${importerId}`,
    )
    .pluck();
  const replies = new KnownReplies(database);
  const addOrigin = database.prepare<[number, string]>(
    'INSERT INTO pair_origins (pair_id, origin) VALUES (?, ?)',
  );
  const sourceIds = new Map<string, number>();
  const sourceId = (source: NewSource): number => {
    const id = sourceIds.get(source.name) ?? rows.source(source, at);
    sourceIds.set(source.name, id);
    return id;
  };

  /** Stores a pair that is not there yet. */
  const insert = (pair: NewPair, hashes: HashedPair, source: NewSource): StoredPair => {
    const knownPrompt = known.prompt(hashes.prompt);
    const promptId = knownPrompt ?? rows.prompt(JSON.stringify(pair.messages), promptPreview(pair.messages));
    if (knownPrompt === undefined) known.addPrompt(hashes.prompt, promptId);
    const responseId = (hash: Buffer, text: string): number => {
      const same = knownPrompt === undefined ? undefined : replies.find(promptId, hash);
      if (same !== undefined) return same;
      const id = rows.response(promptId, text);
      replies.add(promptId, hash, id);
      return id;
    };
    const chosenIsA = firstIs(hashes.chosen, hashes.rejected);
    const chosenId = responseId(hashes.chosen, pair.chosen);
    const rejectedId = responseId(hashes.rejected, pair.rejected);
    const [aId, bId] = chosenIsA ? [chosenId, rejectedId] : [rejectedId, chosenId];
    const pairId = rows.pair(sourceId(source), promptId, aId, bId, pair.aspect, pair.row);
    known.addPair(hashes.pair, pairId);
    const [a, b] = chosenIsA ? [pair.chosen, pair.rejected] : [pair.rejected, pair.chosen];
    rows.text(pairId, pair.messages.map(({ content }) => content).join('\n'), a, b);
    return { pairId, chosenIsA };
  };

  const add = (pair: NewPair, hashes: HashedPair, source: NewSource): AddOutcome => {
    const knownId = known.pair(hashes.pair);
    if (knownId !== undefined) {
      const preferred = rows.unwrittenLabel(knownId) ?? imported.get(knownId);
      if (preferred === undefined || preferredReply(preferred) === null) return 'duplicate';
      return (preferred === 'a') === firstIs(hashes.chosen, hashes.rejected) ? 'duplicate' : 'conflict';
    }
    const { pairId, chosenIsA } = insert(pair, hashes, source);
    rows.label(pairId, chosenIsA ? 'a' : 'b');
    return 'added';
  };

  /** Adds two replies without a label; `originOf` says where they came from, by the keys they get. Null where known. */
  const addUnlabelled = (
    { messages, replies }: UnlabelledPair,
    source: NewSource,
    originOf: (firstKey: 'a' | 'b') => string,
  ): number | null => {
    const [chosen, rejected] = replies;
    const pair: NewPair = { messages, chosen, rejected, aspect: null, itemId: null, row: 0 };
    const hashes = hashPair(pair, new Occurrences());
    if (known.pair(hashes.pair) !== undefined) return null;
    const { pairId, chosenIsA } = insert(pair, hashes, source);
    addOrigin.run(pairId, originOf(chosenIsA ? 'a' : 'b'));
    return pairId;
  };
  /** Writes the labels that still wait. To be called at the end of each transaction. */
  const flush = (): void => rows.flushLabels(importerId, at);
  return { add, addUnlabelled, flush, sourceIds: () => [...sourceIds.values()] };
}
