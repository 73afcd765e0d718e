/** Every pair of a project with all that is known of it, one at a time, in the order of their ids. */
import type { Decision, Message, ReplyKey } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import { attributeColumns, readAttributes, type StoredAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import { COUNTS_AS_LABEL } from './goldTable.ts';
import { DELETED } from './marks/markTable.ts';
import { type PairMarks, pairMarks } from './pairMarks.ts';
import { type RatingEntry, ratingEntries } from './ratingLog.ts';
import { readStoredMessages, storedTurns } from './storedMessages.ts';

export interface HistoryRow {
  /** Place in the project's log: decisions of one person follow one another across pairs. */
  readonly seq: number;
  readonly annotator: string;
  readonly kind: 'person' | 'import';
  readonly decision: Decision;
  readonly left: ReplyKey | null;
  readonly durationMs: number | null;
  /** How much better the preferred reply is, where that was said. */
  readonly strength: number | null;
  /** Present where something was said of them. */
  readonly confidence?: number | undefined;
  readonly rationale?: string | undefined;
  readonly flag?: string | undefined;
  readonly aspects?: VerdictAttributes['aspects'] | undefined;
  readonly at: string;
  readonly action: 'decide' | 'undo' | 'redo';
  /** `seq` of the row that an undo or redo puts back in force, and of the step below. */
  readonly restores: number | null;
  readonly below: number | null;
  readonly isStep: 0 | 1;
  /** The step at which its annotator stands. */
  readonly isCurrent: 0 | 1;
  /** Present where the pair came again: the `seq` of the first verdict, which stands. */
  readonly repeats?: number | undefined;
  /** Present where it settles a pair on which people differ. */
  readonly settles?: 1 | undefined;
  /** The version of the guidelines that it was made by, as the file has them. */
  readonly guidelines?: number | undefined;
  /** Present where it is one of several decisions that are one ranking. */
  readonly ranking?: RankingPart | undefined;
}
export interface RankingPart {
  /** `seq` of the ranking's first decision. */
  readonly lead: number;
  /** The hash of its set, hexadecimal. */
  readonly set: string;
  /** The ranks of `a` and `b`; null where the whole set was skipped or found bad. */
  readonly ranks: readonly [number, number] | null;
}
export interface StandingRow {
  readonly annotator: string;
  readonly kind: 'person' | 'import';
  readonly decision: Exclude<Decision, 'retracted'>;
  readonly left: ReplyKey | null;
  /** It settles the pair. */
  readonly settles?: 0 | 1;
}
/** Of a file, by a path of any system: where it lay on this machine is nobody else's to know. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

export interface ExportedPair {
  readonly id: number;
  readonly promptId: number;
  readonly source: {
    readonly name: string;
    readonly file: string;
    readonly format: string;
    readonly row: number;
  };
  readonly aspect: string | null;
  readonly messages: readonly Message[];
  readonly a: string;
  readonly b: string;
  /** Of replies that are more than their text. */
  readonly aTurns?: ReplyTurns | undefined;
  readonly bTurns?: ReplyTurns | undefined;
  /** In characters. */
  readonly aLength: number;
  readonly bLength: number;
  readonly itemId: string | null;
  /** JSON as it was stored. */
  readonly metadata: string | null;
  readonly standing: readonly StandingRow[];
  readonly history: readonly HistoryRow[];
  /** Null where it was not asked for, as the history. */
  readonly marks: PairMarks | null;
  /** Every rating of its replies; none where they were not asked for. */
  readonly ratings: readonly RatingEntry[];
  /** Sets of replies that it is a pair of; none where they were not asked for. */
  readonly sets: readonly { readonly hash: string; readonly pairs: number }[];
}
export interface ExportedSingle {
  readonly id: number;
  readonly source: {
    readonly name: string;
    readonly file: string;
    readonly format: string;
    readonly row: number;
  };
  readonly messages: string;
  readonly reply: string;
  readonly turns: string | null;
  readonly desirable: 0 | 1;
  readonly aspect: string | null;
  readonly itemId: string | null;
  readonly metadata: string | null;
}

interface Row
  extends Omit<
    ExportedPair,
    'source' | 'messages' | 'standing' | 'history' | 'marks' | 'sets' | 'ratings' | 'aTurns' | 'bTurns'
  > {
  readonly messages: string;
  readonly aTurns: string | null;
  readonly bTurns: string | null;
  readonly name: string;
  readonly file: string;
  readonly format: string;
  readonly row: number;
}

const isMarked = (markId: number): string =>
  `EXISTS (SELECT 1 FROM marked_pairs WHERE mark_id = ${markId} AND word = id >> 5 AND bits >> (id & 31) & 1)`;

export interface PairId {
  readonly id: number;
  readonly promptId: number;
}

/**
 * Every pair in order; where `sources` is given, those of sources with these names alone. In use unless `scope` says
 * otherwise: excluded ones too, or deleted ones as well.
 */
export function pairIds(
  database: Database,
  sources: readonly string[] | null,
  scope: 'in-use' | 'with-excluded' | 'all',
): PairId[] {
  return database
    .prepare<[{ names: string | null }], PairId>(
      `SELECT id, prompt_id AS promptId FROM ${scope === 'in-use' ? 'pairs' : 'all_pairs'}
       WHERE (@names IS NULL OR source_id IN (
         SELECT id FROM sources WHERE name IN (SELECT value FROM json_each(@names))))
         ${scope === 'with-excluded' ? `AND NOT ${isMarked(DELETED)}` : ''} ORDER BY id`,
    )
    .all({ names: sources && JSON.stringify(sources) });
}

/** Names that a project knows: of its sources, and of the people who label in it. */
export function knownNames(database: Database): { sources: string[]; people: string[]; tags: string[] } {
  const names = (sql: string) => database.prepare<[], string>(sql).pluck().all();
  return {
    tags: names("SELECT name FROM marks WHERE kind = 'tag' ORDER BY name"),
    sources: names('SELECT DISTINCT name FROM sources ORDER BY name'),
    people: names('SELECT name FROM annotators ORDER BY name'),
  };
}

/** The stored messages of a prompt, as JSON. */
export function promptTexts(database: Database) {
  const text = database.prepare<[number], string>('SELECT messages FROM prompts WHERE id = ?').pluck();
  return (promptId: number): string => text.get(promptId) as string;
}

/** What stands on a pair, people before files. */
export function standingRows(database: Database) {
  const standing = database.prepare<[number], StandingRow>(`
    SELECT annotators.name AS annotator, annotators.kind, standing.decision, annotations.left_key AS left,
      EXISTS (SELECT 1 FROM adjudications WHERE annotation_id = standing.annotation_id) AS settles
    FROM standing JOIN annotators ON annotators.id = standing.annotator_id
    JOIN annotations ON annotations.id = standing.annotation_id
    WHERE standing.pair_id = ? AND ${COUNTS_AS_LABEL} ORDER BY annotators.kind DESC, annotators.name`);
  return (pairId: number): StandingRow[] => standing.all(pairId);
}

type StoredHistoryRow = Omit<
  HistoryRow,
  keyof StoredAttributes | 'settles' | 'guidelines' | 'ranking' | 'repeats'
> &
  StoredAttributes & {
    readonly settles: 0 | 1;
    readonly repeats: number | null;
    readonly guidelines: number | null;
    readonly lead: number | null;
    readonly setHash: string | null;
    readonly aRank: number | null;
    readonly bRank: number | null;
  };

function rankingPart({ lead, setHash, aRank, bRank }: StoredHistoryRow): RankingPart | null {
  if (lead === null || setHash === null) return null;
  return { lead, set: setHash, ranks: aRank === null || bRank === null ? null : [aRank, bRank] };
}

/** With no word of what was not said: most verdicts say nothing beside. */
function withoutEmpty(row: StoredHistoryRow): HistoryRow {
  const {
    confidence,
    rationale,
    flag,
    aspects,
    settles,
    repeats,
    guidelines,
    lead: _lead,
    setHash: _set,
    aRank: _a,
    bRank: _b,
    ...rest
  } = row;
  const ranking = rankingPart(row);
  return {
    ...rest,
    ...(confidence !== null && { confidence }),
    ...(rationale !== null && { rationale }),
    ...(flag !== null && { flag }),
    ...(aspects !== null && { aspects: readAttributes(row).aspects }),
    ...(settles === 1 && { settles }),
    ...(repeats !== null && { repeats }),
    ...(ranking !== null && { ranking }),
    ...(guidelines !== null && { guidelines }),
  };
}

/** Reads a pair whole, or says why it cannot be read. Its history and marks only where they are asked for. */
export function exportedPair(database: Database, withHistory: boolean) {
  const pairRow = database.prepare<[number], Row>(`
    SELECT pairs.id, pairs.prompt_id AS promptId, pairs.aspect, prompts.messages, a.text AS a, b.text AS b, a.turns AS aTurns, b.turns AS bTurns,
      length(a.text) AS aLength, length(b.text) AS bLength, sources.name, sources.file, sources.format, pairs.source_row AS row,
      pair_details.item_id AS itemId, pair_details.metadata
    FROM all_pairs AS pairs JOIN prompts ON prompts.id = pairs.prompt_id
    JOIN sources ON sources.id = pairs.source_id
    JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id
    LEFT JOIN pair_details ON pair_details.pair_id = pairs.id
    WHERE pairs.id = ?`);
  const standing = standingRows(database);
  const marks = pairMarks(database);
  const ratings = ratingEntries(database);
  const sets = database.prepare<[number], ExportedPair['sets'][number]>(`
    SELECT lower(hex(hash)) AS hash, pairs FROM set_pairs JOIN reply_sets ON reply_sets.id = set_id
    WHERE pair_id = ? ORDER BY set_id`);
  const history = database.prepare<[number], StoredHistoryRow>(`
    SELECT annotations.id AS seq, annotators.name AS annotator, annotators.kind, decision, left_key AS left,
      duration_ms AS durationMs, ${attributeColumns('annotations')}, created_at AS at, action, restores_id AS restores, steps.below_id AS below,
      guidelines_id AS guidelines, repeats_id AS repeats,
      steps.annotation_id IS NOT NULL AS isStep,
      annotators.step_id IS annotations.id AS isCurrent,
      EXISTS (SELECT 1 FROM adjudications WHERE annotation_id = annotations.id) AS settles,
      ranked_pairs.ranking_id AS lead, lower(hex(reply_sets.hash)) AS setHash,
      rankings.ranks ->> ('$."' || stored_pairs.a_id || '"') AS aRank, rankings.ranks ->> ('$."' || stored_pairs.b_id || '"') AS bRank
    FROM annotations JOIN annotators ON annotators.id = annotations.annotator_id
    JOIN stored_pairs ON stored_pairs.id = annotations.pair_id
    LEFT JOIN steps ON steps.annotation_id = annotations.id
    LEFT JOIN ranked_pairs ON ranked_pairs.annotation_id = annotations.id
    LEFT JOIN rankings ON rankings.annotation_id = ranked_pairs.ranking_id
    LEFT JOIN reply_sets ON reply_sets.id = rankings.set_id
    WHERE annotations.pair_id = ? ORDER BY annotations.id`);
  return (pairId: number): ExportedPair | { readonly unreadable: string } => {
    const { name, file, format, row, messages, aTurns, bTurns, ...pair } = pairRow.get(pairId) as Row;
    const stored = readStoredMessages(messages);
    if (!stored.ok) return { unreadable: stored.reason };
    return {
      ...pair,
      source: { name, file: nameOf(file), format, row },
      messages: stored.messages,
      aTurns: storedTurns(aTurns),
      bTurns: storedTurns(bTurns),
      standing: standing(pairId),
      history: withHistory ? history.all(pairId).map(withoutEmpty) : [],
      marks: withHistory ? marks(pairId) : null,
      ratings: withHistory ? ratings(pairId) : [],
      sets: withHistory ? sets.all(pairId) : [],
    };
  };
}

export function* exportedSingles(database: Database): Generator<ExportedSingle> {
  const rows = database.prepare<[], Omit<ExportedSingle, 'source'> & ExportedSingle['source']>(`
    SELECT singles.id, sources.name, sources.file, sources.format, source_row AS row, messages, reply, turns, desirable,
      aspect, item_id AS itemId, metadata
    FROM singles JOIN sources ON sources.id = singles.source_id ORDER BY singles.id`);
  for (const { name, file, format, row, ...single } of rows.iterate())
    yield { ...single, source: { name, file: nameOf(file), format, row } };
}
