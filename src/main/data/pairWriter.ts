import { type Decision, type Message, otherReply, type Verdict } from '#core/preference.ts';
import type { ReplyTurns, TurnsOfTwo } from '#core/replyTurns.ts';
import type { Database } from './database.ts';
import type { HistoryRow } from './exportRows.ts';
import { type StoredGuidelines, takeOverGuidelines } from './guidelineTable.ts';
import { type Hash, orderedReplies, pairHash, promptHash, responseHash } from './hashes.ts';
import { KnownReplies } from './KnownReplies.ts';
import { type OwnLog, standingOf, writeLogs } from './ownLog.ts';
import { type PairHashes, storedHashes } from './pairHashes.ts';
import {
  type Annotator,
  type Conflict,
  IMPORT_ANNOTATOR,
  type PairFacts,
  PairIdentity,
  type StoredVerdict,
  verdictKey,
} from './pairIdentity.ts';
import { pairInserts } from './pairInserts.ts';
import { type PairMarks, writeMarks } from './pairMarks.ts';
import { type RatingEntry, writeRatings } from './ratingLog.ts';
import { type NewSet, setWriter } from './replySets.ts';

/** What a file says of the two replies in its own order. */
interface NewVerdict {
  /** Null: the file does not say whose it is. */
  readonly annotator: string | null;
  readonly verdict: 'first' | 'second' | 'tie' | 'both_bad';
  readonly strength?: number | null;
}
export interface NewPair {
  readonly messages: readonly Message[];
  /** The first reply and the second; by `verdicts` neither need be preferred. */
  readonly chosen: string;
  readonly rejected: string;
  /** Of both, where a reply is more than its text. */
  readonly turns?: TurnsOfTwo | undefined;
  /** Of a pair that Facet wrote: every decision on it. */
  readonly history?: readonly HistoryRow[] | undefined;
  /** Of a pair that Facet wrote, too: what it was marked with. */
  readonly marks?: PairMarks | undefined;
  /** Replies that are ranked together, this pair's among them. */
  readonly sets?: readonly NewSet[] | undefined;
  /** The guidelines of the project that it comes from, once in a file. */
  readonly guidelines?: readonly StoredGuidelines[] | undefined;
  /** Every rating of its replies in the project that it comes from. */
  readonly ratings?: readonly RatingEntry[] | undefined;
  /** Without it the first is preferred; empty: nobody has decided. */
  readonly verdicts?: readonly NewVerdict[] | undefined;
  readonly aspect: string | null;
  /** The row's own id in its file, where it has one. */
  readonly itemId: string | null;
  /** The row's further columns, as JSON. */
  readonly metadata?: string | null | undefined;
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
/** `joined`: the pair was there, and gets further verdicts. `conflict`: it has another verdict of the same annotator. */
export type AddOutcome = 'added' | 'joined' | 'duplicate' | 'conflict';
export interface Added {
  readonly outcome: AddOutcome;
  readonly conflict: Conflict | null;
}

const ADDED: Added = { outcome: 'added', conflict: null };

/** `chosenIsA`: the first reply is the one that is stored as `a`. */
interface StoredPair {
  readonly pairId: number;
  readonly chosenIsA: boolean;
}

const PREVIEW_LENGTH = 240;

const firstIs = (chosen: Hash, rejected: Hash): boolean => orderedReplies([chosen, rejected])[0] === chosen;

const UNEVEN = /[^\S ]| {2}/;
const oneLine = (text: string): string => (UNEVEN.test(text) ? text.replace(/\s+/g, ' ') : text).trim();

function promptPreview(messages: readonly Message[]): string {
  const { content = '' } = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1) ?? {};
  // The start is enough of any text that is not mostly blank.
  const start = oneLine(content.slice(0, 4 * PREVIEW_LENGTH));
  const isEnough = start.length >= 2 * PREVIEW_LENGTH || content.length <= 4 * PREVIEW_LENGTH;
  const line = isEnough ? start : oneLine(content.slice(0, 100 * PREVIEW_LENGTH));
  if (line.length <= PREVIEW_LENGTH) return line;
  const units = line.slice(0, 2 * PREVIEW_LENGTH);
  return /[\ud800-\udfff]/.test(units)
    ? [...units].slice(0, PREVIEW_LENGTH).join('')
    : units.slice(0, PREVIEW_LENGTH);
}

/** Nothing where it is the whole prompt; see the view `prompts`. */
function storedPreview(messages: readonly Message[]): string {
  const preview = promptPreview(messages);
  if (messages.length === 1 && messages[0]?.content === preview) return '';
  // A prompt of blanks has a preview of its own.
  return preview === '' ? ' ' : preview;
}

export interface HashedPair {
  readonly prompt: Hash;
  readonly chosen: Hash;
  readonly rejected: Hash;
  readonly pair: Hash;
}
export function hashPair(pair: NewPair): HashedPair {
  const prompt = promptHash(pair.messages);
  const chosen = responseHash(pair.chosen, pair.turns?.[0]);
  const rejected = responseHash(pair.rejected, pair.turns?.[1]);
  return { prompt, chosen, rejected, pair: pairHash(prompt, [chosen, rejected], pair.aspect, 0) };
}

/** The verdicts of a row by the stored replies: `first` is `a` where `a` is the row's first reply. */
export function storedVerdicts(
  { verdicts = [{ annotator: null, verdict: 'first' }], history }: NewPair,
  { chosen, rejected }: HashedPair,
): StoredVerdict[] {
  if (history) return standingOf(history);
  const firstKey = firstIs(chosen, rejected) ? 'a' : 'b';
  return verdicts.map(({ annotator, verdict, strength = null }) => ({
    annotator: annotator ?? IMPORT_ANNOTATOR,
    kind: 'import',
    verdict: verdict === 'first' ? firstKey : verdict === 'second' ? otherReply(firstKey) : verdict,
    strength,
  }));
}

function annotatorIds(database: Database): (by: Annotator) => number {
  const add = database.prepare<[string, string]>(
    'INSERT INTO annotators (name, kind) VALUES (?, ?) ON CONFLICT (kind, name) DO NOTHING',
  );
  const find = database
    .prepare<[string, string], number>('SELECT id FROM annotators WHERE name = ? AND kind = ?')
    .pluck();
  const ids = new Map<string, number>();
  return ({ annotator, kind }) => {
    const key = `${kind} ${annotator}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    add.run(annotator, kind);
    const id = find.get(annotator, kind) as number;
    ids.set(key, id);
    return id;
  };
}

/** What the file knows of its pairs. */
export function storedFacts(database: Database): PairFacts {
  const itemId = database
    .prepare<[number], string | null>('SELECT item_id FROM pair_details WHERE pair_id = ?')
    .pluck();
  const verdict = database
    .prepare<[number, string, string], Decision>(
      `SELECT decision FROM standing WHERE pair_id = ?
         AND annotator_id = (SELECT id FROM annotators WHERE kind = ? AND name = ?)`,
    )
    .pluck();
  return {
    itemId: (pairId) => itemId.get(pairId) ?? null,
    verdict: (pairId, { kind, annotator }) => verdict.get(pairId, kind, annotator),
  };
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
  const annotatorId = annotatorIds(database);
  const importerId = annotatorId({ annotator: IMPORT_ANNOTATOR, kind: 'import' });
  const rows = pairInserts(database);
  const stored = storedFacts(database);
  const facts: PairFacts = {
    itemId: (pairId) => {
      rows.flushRows();
      return stored.itemId(pairId);
    },
    verdict: stored.verdict,
  };
  const firstNew = rows.nextPairId();
  /** Verdicts on pairs that everybody sees: they wait until the import is seen as well. */
  const waiting: (StoredVerdict & { readonly pairId: number })[] = [];
  const waitingBy = new Map<string, Verdict>();
  const logs: OwnLog[] = [];
  const guidelines: StoredGuidelines[] = [];
  const ratings: { pairId: number; ratings: readonly RatingEntry[] }[] = [];
  const marked: { pairId: number; marks: PairMarks }[] = [];
  const identity = new PairIdentity((hash) => known.pair(hash), {
    itemId: facts.itemId,
    verdict: (pairId, by) =>
      waitingBy.get(verdictKey(pairId, by)) ??
      (by.annotator === IMPORT_ANNOTATOR && by.kind === 'import' ? rows.unwrittenLabel(pairId) : undefined) ??
      facts.verdict(pairId, by),
  });
  const replies = new KnownReplies(database, rows.flushRows);
  const sets = setWriter(database);
  const addOrigin = database.prepare<[number, string]>(
    'INSERT INTO pair_origins (pair_id, origin) VALUES (?, ?)',
  );
  const sourceIds = new Map<string, number>();
  const sourceId = (source: NewSource): number => {
    const key = `${source.name}\0${source.file}`;
    const id = sourceIds.get(key) ?? rows.source(source, at);
    sourceIds.set(key, id);
    return id;
  };

  /** Stores a pair that is not there yet. */
  const insert = (pair: NewPair, hashes: HashedPair, hash: Hash, source: NewSource): StoredPair => {
    const knownPrompt = known.prompt(hashes.prompt);
    const promptId = knownPrompt ?? rows.prompt(JSON.stringify(pair.messages), storedPreview(pair.messages));
    if (knownPrompt === undefined) known.addPrompt(hashes.prompt, promptId);
    const responseId = (hash: Hash, text: string, turns: ReplyTurns | undefined): number => {
      const same = knownPrompt === undefined ? undefined : replies.find(promptId, hash);
      if (same !== undefined) return same;
      const id = rows.response(promptId, text, turns);
      replies.add(promptId, hash, id);
      return id;
    };
    const chosenIsA = firstIs(hashes.chosen, hashes.rejected);
    const chosenId = responseId(hashes.chosen, pair.chosen, pair.turns?.[0]);
    const rejectedId = responseId(hashes.rejected, pair.rejected, pair.turns?.[1]);
    const [aId, bId] = chosenIsA ? [chosenId, rejectedId] : [rejectedId, chosenId];
    const pairId = rows.pair(sourceId(source), promptId, aId, bId, pair.aspect, pair.row);
    known.addPair(hash, pairId);
    const { itemId, metadata = null } = pair;
    if (itemId !== null || metadata !== null) rows.details(pairId, itemId, metadata);
    return { pairId, chosenIsA };
  };

  const give = (pairId: number, given: StoredVerdict): void => {
    const { annotator, verdict, strength = null } = given;
    if (pairId < firstNew) {
      waiting.push({ ...given, pairId });
      waitingBy.set(verdictKey(pairId, given), verdict);
    } else if (annotator === IMPORT_ANNOTATOR && strength === null && (verdict === 'a' || verdict === 'b'))
      rows.label(pairId, verdict);
    else rows.verdict({ pairId, annotatorId: annotatorId(given), decision: verdict, strength, at });
  };
  /** Of a pair that Facet wrote, decisions are taken over as they were made. */
  const giveAll = (pairId: number, pair: NewPair, fresh: readonly StoredVerdict[], isNew: boolean): void => {
    if (!pair.history) {
      for (const given of fresh) give(pairId, given);
      return;
    }
    if (isNew && pair.marks) marked.push({ pairId, marks: pair.marks });
    const isFresh = (by: Annotator): boolean =>
      fresh.some(({ annotator, kind }) => annotator === by.annotator && kind === by.kind);
    const history = isNew ? pair.history : pair.history.filter(isFresh);
    if (history.length > 0) logs.push({ pairId, history });
    for (const given of fresh) waitingBy.set(verdictKey(pairId, given), given.verdict);
  };

  const add = (pair: NewPair, hashes: HashedPair, source: NewSource): Added => {
    guidelines.push(...(pair.guidelines ?? []));
    const place = identity.place(pair, hashes);
    const verdicts = storedVerdicts(pair, hashes);
    if ('newHash' in place) {
      const { pairId } = insert(pair, hashes, place.newHash, source);
      if (pair.sets) sets.add(pairId, pair.sets);
      if (pair.ratings) ratings.push({ pairId, ratings: pair.ratings });
      giveAll(pairId, pair, verdicts, true);
      return ADDED;
    }
    const { pairId } = place;
    if (pair.sets) sets.add(pairId, pair.sets);
    if (pair.ratings) ratings.push({ pairId, ratings: pair.ratings });
    const { fresh, conflict } = identity.compare(pairId, verdicts);
    giveAll(pairId, pair, fresh, false);
    return { outcome: conflict ? 'conflict' : fresh.length > 0 ? 'joined' : 'duplicate', conflict };
  };

  /** Adds two replies without a label; `originOf` says where they came from, by the keys they get. Null where known. */
  const addUnlabelled = (
    { messages, replies }: UnlabelledPair,
    source: NewSource,
    originOf: (firstKey: 'a' | 'b') => string,
  ): number | null => {
    const [chosen, rejected] = replies;
    const pair: NewPair = { messages, chosen, rejected, aspect: null, itemId: null, row: 0 };
    const hashes = hashPair(pair);
    if (known.pair(hashes.pair) !== undefined) return null;
    const { pairId, chosenIsA } = insert(pair, hashes, hashes.pair, source);
    rows.flushRows();
    rows.countAdded();
    addOrigin.run(pairId, originOf(chosenIsA ? 'a' : 'b'));
    return pairId;
  };
  /** Writes the rows and labels that still wait. To be called at the end of each transaction. */
  const flush = (): void => {
    rows.flushRows();
    sets.flush();
    rows.flushLabels(importerId, at);
  };
  /** Writes the verdicts on pairs that were there before, and counts. To be called in the transaction that shows the import. */
  const flushWaiting = (): void => {
    rows.countAdded();
    for (const given of waiting) {
      const { pairId, verdict: decision, strength = null } = given;
      rows.verdict({ pairId, annotatorId: annotatorId(given), decision, strength, at });
    }
    waiting.length = 0;
    const guidelineIds = takeOverGuidelines(database, guidelines.splice(0));
    writeLogs(database, logs, annotatorId, guidelineIds);
    writeRatings(database, ratings.splice(0), annotatorId, guidelineIds);
    logs.length = 0;
    writeMarks(database, marked, annotatorId);
    marked.length = 0;
  };
  return { add, addUnlabelled, flush, flushWaiting, sourceId, sourceIds: () => [...sourceIds.values()] };
}
