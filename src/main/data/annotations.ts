import type { Message, ReplyKey, Verdict } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import { FacetError } from '#core/result.ts';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import type { HistoryEntry, ImportedLabel } from '#shared/entities.ts';
import { attributeColumns, readAttributes, type StoredAttributes, withAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import { IMPORT_ANNOTATOR } from './pairIdentity.ts';
import { Remembered } from './Remembered.ts';
import { setAsideTable } from './setAside.ts';
import { steady } from './steady.ts';
import { PREVIEW, readStoredMessages, storedTurns, UnreadablePairError } from './storedMessages.ts';

export interface PairTexts {
  readonly pairId: number;
  readonly messages: readonly Message[];
  readonly a: string;
  readonly b: string;
  /** Of replies that are more than their text. */
  readonly aTurns: ReplyTurns;
  readonly bTurns: ReplyTurns;
  readonly source: string;
  readonly aspect: string | null;
}
type Row = Omit<PairTexts, 'messages' | 'aTurns' | 'bTurns'> & {
  readonly messages: string;
  readonly aTurns: string | null;
  readonly bTurns: string | null;
};

/** Texts never change; with each verdict the queue shows again most of what it has shown. */
const TEXTS_KEPT = 64;

export const STANDING_VERDICT =
  'SELECT decision FROM standing WHERE pair_id = @pairId AND annotator_id = @annotatorId';

/** Pairs as they are shown to an annotator: texts, sides, what stands and what was said before. */
export function annotationTable(database: Database) {
  const setAside = setAsideTable(database);
  const standing = database
    .prepare<[{ pairId: number; annotatorId: number | null }], Verdict>(STANDING_VERDICT)
    .pluck();
  const attributes = database.prepare<[{ pairId: number; annotatorId: number | null }], StoredAttributes>(
    `SELECT ${attributeColumns('annotations')} FROM standing JOIN annotations ON annotations.id = annotation_id
     WHERE standing.pair_id = ${steady('@pairId')} AND standing.annotator_id = ${steady('@annotatorId')}`,
  );
  const texts = database.prepare<[number], Row>(
    `SELECT pairs.id AS pairId, prompts.messages, a.text AS a, b.text AS b, a.turns AS aTurns, b.turns AS bTurns,
       sources.name AS source, pairs.aspect
     FROM all_pairs AS pairs JOIN prompts ON prompts.id = pairs.prompt_id JOIN sources ON sources.id = pairs.source_id
     JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id
     WHERE pairs.id = ${steady('?')}`,
  );
  const shownLeft = database
    .prepare<[number, number | null], ReplyKey>(
      'SELECT left_key FROM showings WHERE pair_id = ? AND annotator_id = ?',
    )
    .pluck();
  const addShowing = database.prepare<[number, number, ReplyKey, string]>(
    'INSERT INTO showings (pair_id, annotator_id, left_key, shown_at) VALUES (?, ?, ?, ?)',
  );
  const imported = database.prepare<[number], ImportedLabel>(
    `SELECT annotators.name AS annotator, standing.decision AS verdict, annotations.strength
       FROM standing JOIN annotators ON annotators.id = standing.annotator_id
       JOIN annotations ON annotations.id = standing.annotation_id
       WHERE standing.pair_id = ${steady('?')} AND annotators.kind = 'import' ORDER BY annotators.id`,
  );
  const history = database.prepare<[number], Omit<HistoryEntry, 'attributes'> & StoredAttributes>(
    `SELECT annotators.name AS annotator, annotations.action, annotations.decision,
       annotations.left_key AS leftKey, annotations.duration_ms AS durationMs,
       ${attributeColumns('annotations')}, annotations.created_at AS at
     FROM annotations JOIN annotators ON annotators.id = annotations.annotator_id
     WHERE annotations.pair_id = ${steady('?')} AND annotators.kind = 'person' AND annotations.repeats_id IS NULL
     ORDER BY annotations.id`,
  );
  const standingOf = database.prepare<[number], { annotator: string; verdict: Verdict }>(
    `SELECT annotators.name AS annotator, standing.decision AS verdict
     FROM standing JOIN annotators ON annotators.id = standing.annotator_id
     WHERE standing.pair_id = ${steady('?')} AND annotators.kind = 'person' ORDER BY annotators.id`,
  );
  const othersOn = database
    .prepare<[number, number], Verdict>(
      'SELECT decision FROM standing WHERE pair_id = ? AND annotator_id <> ? ORDER BY annotator_id',
    )
    .pluck();
  const prompt = database
    .prepare<[number], string>(
      `SELECT ${PREVIEW} FROM stored_pairs
       JOIN stored_prompts ON stored_prompts.id = stored_pairs.prompt_id WHERE stored_pairs.id = ${steady('?')}`,
    )
    .pluck();
  const lastId = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM annotations').pluck();

  const known = new Remembered<PairTexts>(TEXTS_KEPT);

  function readTexts(pairId: number): PairTexts {
    const row = texts.get(pairId);
    if (row) {
      const stored = readStoredMessages(row.messages);
      const [aTurns, bTurns] = [storedTurns(row.aTurns), storedTurns(row.bTurns)];
      if (stored.ok) return { ...row, messages: stored.messages, aTurns, bTurns };
      throw new UnreadablePairError({ pairId, reason: stored.reason });
    }
    const reason = setAside.reasonOf(pairId);
    if (reason !== null) throw new UnreadablePairError({ pairId, reason });
    throw new FacetError({
      code: 'annotate.unknown-pair',
      message: `This project has no pair ${pairId}.`,
      fix: 'Choose a pair in the library.',
    });
  }

  return {
    standing: (pairId: number, annotatorId: number | null): Verdict | null =>
      standing.get({ pairId, annotatorId }) ?? null,
    texts: (pairId: number): PairTexts => known.get(String(pairId), () => readTexts(pairId)),
    /** One line of its prompt, also where it cannot be read otherwise. */
    promptOf: (pairId: number) => prompt.get(pairId) ?? null,
    shownLeft: (pairId: number, annotatorId: number | null) => shownLeft.get(pairId, annotatorId) ?? null,
    addShowing: (pairId: number, annotatorId: number, leftKey: ReplyKey, at: string) => {
      addShowing.run(pairId, annotatorId, leftKey, at);
    },
    /** What files say of a pair, each of the people that they name apart. */
    imported: (pairId: number): ImportedLabel[] =>
      imported.all(pairId).map(({ annotator, ...label }) => ({
        annotator: annotator === IMPORT_ANNOTATOR ? null : annotator,
        ...label,
      })),
    /** What somebody's standing verdict says beside; null where none stands. */
    attributes: (pairId: number, annotatorId: number | null): VerdictAttributes | null => {
      const row = attributes.get({ pairId, annotatorId });
      return row ? readAttributes(row) : null;
    },
    history: (pairId: number): HistoryEntry[] => history.all(pairId).map(withAttributes),
    /** Whose verdict stands on a pair, and which. */
    standingOf: (pairId: number) => standingOf.all(pairId),
    /** What stands on a pair of everybody else, files among them. */
    othersOn: (pairId: number, annotatorId: number): Verdict[] => othersOn.all(pairId, annotatorId),
    lastId: () => lastId.get() as number,
  };
}
