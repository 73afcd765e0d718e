import type { Message } from '#core/preference.ts';
import type { Database } from './database.ts';
import { orderedReplies, pairHash, promptHash, responseHash } from './hashes.ts';

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

const PREVIEW_LENGTH = 240;

function promptPreview(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1);
  const line = (last?.content ?? '').replace(/\s+/g, ' ').trim();
  return [...line.slice(0, 2 * PREVIEW_LENGTH)].slice(0, PREVIEW_LENGTH).join('');
}

/** Tells apart rows that hold the same texts under ids of their own; without ids they are one. */
export class Occurrences {
  readonly #ids = new Map<string, string[]>();

  of(content: string, itemId: string | null): number {
    if (itemId === null) return 0;
    const ids = this.#ids.get(content);
    if (!ids) {
      this.#ids.set(content, [itemId]);
      return 0;
    }
    const known = ids.indexOf(itemId);
    return known >= 0 ? known : ids.push(itemId) - 1;
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
  const occurrence = occurrences.of(first.toString('base64'), pair.itemId);
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

/** Asks whether a pair of this hash is there. */
export function knownPairs(database: Database): (hash: Buffer) => boolean {
  const known = database.prepare<[Buffer], number>('SELECT 1 FROM stored_pairs WHERE hash = ?').pluck();
  return (hash) => known.get(hash) !== undefined;
}

/** Adds pairs, with their imported label or without one. The caller holds the transaction. */
export function pairWriter(database: Database, at: string) {
  const idOf = <T extends unknown[]>(sql: string) => database.prepare<T, number>(sql).pluck();
  const importerId = importAnnotatorId(database);
  const findPair = database.prepare<[Buffer], { id: number; preferred: Buffer | null }>(`
    SELECT pairs.id, (
      SELECT responses.hash FROM standing JOIN responses
        ON responses.id = CASE standing.decision WHEN 'a' THEN pairs.a_id WHEN 'b' THEN pairs.b_id END
      WHERE standing.pair_id = pairs.id AND standing.annotator_id = ${importerId}
    ) AS preferred
    FROM stored_pairs AS pairs WHERE pairs.hash = ?`);
  const findPrompt = idOf<[Buffer]>('SELECT id FROM stored_prompts WHERE hash = ?');
  const addPrompt = idOf<[Buffer, string, string]>(
    'INSERT INTO stored_prompts (hash, messages, preview) VALUES (?, ?, ?) RETURNING id',
  );
  const findResponse = idOf<[number, Buffer]>('SELECT id FROM responses WHERE prompt_id = ? AND hash = ?');
  const addResponse = idOf<[number, Buffer, string]>(
    'INSERT INTO responses (prompt_id, hash, text) VALUES (?, ?, ?) RETURNING id',
  );
  const addPair = idOf<[Buffer, number, number, number, number, string | null, number]>(
    'INSERT INTO stored_pairs (hash, source_id, prompt_id, a_id, b_id, aspect, source_row) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id',
  );
  const addText = database.prepare<[number, string, string, string]>(
    'INSERT INTO pairs_fts (rowid, prompt, a, b) VALUES (?, ?, ?, ?)',
  );
  const addLabel = database.prepare<[number, string, string]>(
    `INSERT INTO annotations (pair_id, annotator_id, decision, created_at) VALUES (?, ${importerId}, ?, ?)`,
  );
  const sourceIds = new Map<string, number>();
  const findSource = idOf<[string, string]>('SELECT id FROM stored_sources WHERE name = ? AND file = ?');
  const addSource = idOf<[string, string, string, string]>(
    'INSERT INTO stored_sources (name, file, format, imported_at) VALUES (?, ?, ?, ?) RETURNING id',
  );

  const sourceId = (source: NewSource): number => {
    const known = sourceIds.get(source.name);
    if (known !== undefined) return known;
    const id =
      findSource.get(source.name, source.file) ??
      (addSource.get(source.name, source.file, source.format, at) as number);
    sourceIds.set(source.name, id);
    return id;
  };

  /** Stores a pair that is not there yet. */
  const insert = (
    pair: NewPair,
    hashes: HashedPair,
    source: NewSource,
  ): { readonly pairId: number; readonly chosenIsA: boolean } => {
    const promptId =
      findPrompt.get(hashes.prompt) ??
      (addPrompt.get(hashes.prompt, JSON.stringify(pair.messages), promptPreview(pair.messages)) as number);
    const responseId = (hash: Buffer, text: string): number =>
      findResponse.get(promptId, hash) ?? (addResponse.get(promptId, hash, text) as number);
    const chosenId = responseId(hashes.chosen, pair.chosen);
    const rejectedId = responseId(hashes.rejected, pair.rejected);
    const [first] = orderedReplies([hashes.chosen, hashes.rejected]);
    const chosenIsA = first === hashes.chosen;
    const [aId, bId] = chosenIsA ? [chosenId, rejectedId] : [rejectedId, chosenId];
    const pairId = addPair.get(
      hashes.pair,
      sourceId(source),
      promptId,
      aId,
      bId,
      pair.aspect,
      pair.row,
    ) as number;
    const [a, b] = chosenIsA ? [pair.chosen, pair.rejected] : [pair.rejected, pair.chosen];
    addText.run(pairId, pair.messages.map(({ content }) => content).join('\n'), a, b);
    return { pairId, chosenIsA };
  };

  const add = (pair: NewPair, hashes: HashedPair, source: NewSource): AddOutcome => {
    const known = findPair.get(hashes.pair);
    if (known) return known.preferred?.equals(hashes.chosen) === false ? 'conflict' : 'duplicate';
    const { pairId, chosenIsA } = insert(pair, hashes, source);
    addLabel.run(pairId, chosenIsA ? 'a' : 'b', at);
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
    if (findPair.get(hashes.pair)) return null;
    const { pairId, chosenIsA } = insert(pair, hashes, source);
    database
      .prepare<[number, string]>('INSERT INTO pair_origins (pair_id, origin) VALUES (?, ?)')
      .run(pairId, originOf(chosenIsA ? 'a' : 'b'));
    return pairId;
  };
  return { add, addUnlabelled, sourceIds: () => [...sourceIds.values()] };
}
