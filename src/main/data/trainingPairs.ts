import { type LabelScope, trainingLabel } from '#core/agreement.ts';
import { type PreferencePair, preferredReply, type ReplyKey, type Verdict } from '#core/preference.ts';
import { ConsensusLabels } from '#core/raters/ConsensusLabels.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { COUNTS_AS_LABEL } from './goldTable.ts';
import { readStoredMessages, storedTurns, type UnreadablePair } from './storedMessages.ts';

interface LabelRow {
  readonly pairId: number;
  readonly promptId: number;
  readonly kind: 'person' | 'import';
  /** Whose label it is. */
  readonly rater: number;
  readonly decision: Verdict;
  /** An adjudicator's: it stands for what all people say. */
  readonly settles: 0 | 1;
}
export interface LabelledPair {
  readonly pairId: number;
  readonly promptId: number;
  readonly preferred: ReplyKey;
}
interface TextRow {
  readonly promptId: number;
  readonly messages: string;
  readonly source: string;
  readonly aspect: string | null;
  readonly a: string;
  readonly b: string;
  readonly aTurns: string | null;
  readonly bTurns: string | null;
}

const standingSql = (condition: string) => `
SELECT pairs.id AS pairId, pairs.prompt_id AS promptId, annotators.kind, annotators.id AS rater, standing.decision,
  EXISTS (SELECT 1 FROM adjudications WHERE annotation_id = standing.annotation_id) AS settles
FROM pairs JOIN standing ON standing.pair_id = pairs.id
JOIN annotators ON annotators.id = standing.annotator_id
WHERE (${condition}) AND ${COUNTS_AS_LABEL}
ORDER BY pairs.id, standing.annotation_id DESC`;

const settledIn = (rows: readonly LabelRow[]): LabelRow | undefined =>
  rows.find(({ settles }) => settles === 1);

function labelOf(rows: readonly LabelRow[], scope: LabelScope): ReplyKey | null {
  const settled = settledIn(rows);
  const people =
    settled === undefined
      ? rows.filter(({ kind }) => kind === 'person').map(({ decision }) => decision)
      : [settled.decision];
  const imported = rows.find(({ kind }) => kind === 'import')?.decision ?? null;
  return trainingLabel(people, imported, scope);
}

/** Pairs of a selection that have a label, in stable order. */
export const labelledPairs = (database: Database, { sourceIds, labels }: PairSelection): LabelledPair[] =>
  labelledAmong(
    database
      .prepare<[{ ids: string | null }], LabelRow>(
        standingSql('@ids IS NULL OR pairs.source_id IN (SELECT value FROM json_each(@ids))'),
      )
      .iterate({ ids: sourceIds && JSON.stringify(sourceIds) }),
    labels,
  );

/** What the labels of these pairs say, of those that have one. */
export const labelsNow = (
  database: Database,
  pairIds: readonly number[],
  labels: LabelScope,
): ReadonlyMap<number, ReplyKey> =>
  new Map(
    labelledAmong(
      database
        .prepare<[{ ids: string }], LabelRow>(standingSql('pairs.id IN (SELECT value FROM json_each(@ids))'))
        .iterate({ ids: JSON.stringify(pairIds) }),
      labels,
    ).map(({ pairId, preferred }) => [pairId, preferred]),
  );

/** Of rows in the order of their pairs. */
const labelledAmong = (rows: Iterable<LabelRow>, labels: LabelScope): LabelledPair[] =>
  labels === 'consensus' ? byConsensus(byPair(rows)) : eachByItself(byPair(rows), labels);

function* byPair(rows: Iterable<LabelRow>): Generator<readonly [LabelRow, ...LabelRow[]]> {
  let group: [LabelRow, ...LabelRow[]] | null = null;
  for (const row of rows) {
    if (group?.[0].pairId === row.pairId) group.push(row);
    else {
      if (group) yield group;
      group = [row];
    }
  }
  if (group) yield group;
}

function eachByItself(
  groups: Iterable<readonly [LabelRow, ...LabelRow[]]>,
  labels: LabelScope,
): LabelledPair[] {
  const found: LabelledPair[] = [];
  for (const group of groups) {
    const [{ pairId, promptId }] = group;
    const preferred = labelOf(group, labels);
    if (preferred) found.push({ pairId, promptId, preferred });
  }
  return found;
}

/** Dawid and Skene's over all pairs together; what an adjudicator settled stands. */
function byConsensus(groups: Iterable<readonly [LabelRow, ...LabelRow[]]>): LabelledPair[] {
  const consensus = new ConsensusLabels();
  const open: {
    readonly pairId: number;
    readonly promptId: number;
    readonly said: string | ReplyKey | null;
  }[] = [];
  for (const group of groups) {
    const [{ pairId, promptId }] = group;
    const settled = settledIn(group);
    const people = group.filter(({ kind, decision }) => kind === 'person' && decision !== 'skip');
    const stated = settled ? [settled] : people.length > 0 ? people : group;
    const said = settled
      ? preferredReply(settled.decision)
      : consensus.add(stated.map(({ rater, decision }) => ({ rater: String(rater), verdict: decision })));
    open.push({ pairId, promptId, said });
  }
  const labels = consensus.find();
  return open.flatMap(({ pairId, promptId, said }) => {
    const preferred =
      said === 'a' || said === 'b' ? said : preferredReply(labels.get(said ?? '')?.verdict ?? 'tie');
    return preferred ? [{ pairId, promptId, preferred }] : [];
  });
}

/** Null where there is no such pair. */
export const promptOfPair = (database: Database, pairId: number): number | null =>
  database.prepare<[number], number>('SELECT prompt_id FROM pairs WHERE id = ?').pluck().get(pairId) ?? null;

/** Reads the texts of labelled pairs, one at a time; one that cannot be read is handed to `onUnreadable` instead. */
export function* preferencePairs(
  database: Database,
  labelled: readonly LabelledPair[],
  onUnreadable: (pair: UnreadablePair) => void,
): Generator<PreferencePair> {
  const texts = database.prepare<[number], TextRow>(
    `SELECT pairs.prompt_id AS promptId, prompts.messages, sources.name AS source, pairs.aspect,
       a.text AS a, b.text AS b, a.turns AS aTurns, b.turns AS bTurns
     FROM pairs JOIN prompts ON prompts.id = pairs.prompt_id JOIN sources ON sources.id = pairs.source_id
     JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id WHERE pairs.id = ?`,
  );
  for (const { pairId, preferred } of labelled) {
    const row = texts.get(pairId) as TextRow;
    const stored = readStoredMessages(row.messages);
    if (!stored.ok) {
      onUnreadable({ pairId, reason: stored.reason });
      continue;
    }
    const isA = preferred === 'a';
    const [chosen, rejected] = isA ? [row.a, row.b] : [row.b, row.a];
    const [chosenTurns, rejectedTurns] = isA ? [row.aTurns, row.bTurns] : [row.bTurns, row.aTurns];
    yield {
      id: String(pairId),
      promptId: String(row.promptId),
      source: row.source,
      aspect: row.aspect,
      messages: stored.messages,
      chosen,
      rejected,
      ...(chosenTurns !== null && { chosenTurns: storedTurns(chosenTurns) ?? [] }),
      ...(rejectedTurns !== null && { rejectedTurns: storedTurns(rejectedTurns) ?? [] }),
    };
  }
}
