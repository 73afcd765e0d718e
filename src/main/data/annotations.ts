import type { Decision, Message, ReplyKey, Verdict } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import type { Database } from './database.ts';
import { setAsideTable } from './setAside.ts';
import { readStoredMessages, UnreadablePairError } from './storedMessages.ts';

export interface PairTexts {
  readonly pairId: number;
  readonly messages: readonly Message[];
  readonly a: string;
  readonly b: string;
  readonly source: string;
  readonly aspect: string | null;
}
export interface NewAnnotation {
  readonly pairId: number;
  readonly annotatorId: number;
  readonly decision: Decision;
  readonly leftKey: ReplyKey;
  readonly durationMs: number | null;
  readonly at: string;
}
type Row = Omit<PairTexts, 'messages'> & { readonly messages: string };
interface Named {
  readonly id: number;
  readonly name: string;
}

export const NEXT_UNDECIDED = `SELECT pairs.id FROM pairs WHERE NOT EXISTS (
  SELECT 1 FROM standing WHERE standing.pair_id = pairs.id AND standing.annotator_id = @annotatorId
) ORDER BY pairs.id LIMIT @limit`;
/** Pairs that a person had a policy write, for this: they are wanted before what merely came in with a file. */
const NEXT_WRITTEN = `SELECT pair_origins.pair_id FROM pair_origins WHERE NOT EXISTS (
  SELECT 1 FROM standing WHERE standing.pair_id = pair_origins.pair_id AND standing.annotator_id = @annotatorId
) AND pair_id NOT IN (SELECT pair_id FROM set_aside) ORDER BY pair_origins.pair_id LIMIT @limit`;
export const STANDING_VERDICT =
  'SELECT decision FROM standing WHERE pair_id = @pairId AND annotator_id = @annotatorId';
export const LATEST_STANDING = `SELECT pair_id FROM standing WHERE annotator_id = @annotatorId
  AND pair_id NOT IN (SELECT pair_id FROM set_aside) ORDER BY annotation_id DESC LIMIT 1`;
export const SESSION_DURATIONS = `SELECT annotations.duration_ms FROM standing
  JOIN annotations ON annotations.id = standing.annotation_id
  WHERE standing.annotator_id = @annotatorId AND standing.annotation_id > @after`;

/** Annotators, what stands, what was shown, and the append-only log behind it. */
export function annotationTable(database: Database) {
  const setAside = setAsideTable(database);
  const people = database.prepare<[], Named>(
    "SELECT id, name FROM annotators WHERE kind = 'person' ORDER BY id",
  );
  const addPerson = database.prepare<[string]>(
    "INSERT INTO annotators (name, kind) VALUES (?, 'person') ON CONFLICT (kind, name) DO NOTHING",
  );
  const next = (sql: string) =>
    database.prepare<[{ annotatorId: number; limit: number }], number>(sql).pluck();
  const nextUndecided = next(NEXT_UNDECIDED);
  const nextWritten = next(NEXT_WRITTEN);
  const standing = database
    .prepare<[{ pairId: number; annotatorId: number }], Verdict>(STANDING_VERDICT)
    .pluck();
  const latestStanding = database.prepare<[{ annotatorId: number }], number>(LATEST_STANDING).pluck();
  const durations = database
    .prepare<[{ annotatorId: number; after: number }], number | null>(SESSION_DURATIONS)
    .pluck();
  const counts = database.prepare<[{ annotatorId: number }], { total: number; decided: number }>(
    `SELECT (SELECT count(*) FROM pairs) AS total,
       (SELECT count(*) FROM standing WHERE annotator_id = @annotatorId)
         - (SELECT count(*) FROM set_aside JOIN standing USING (pair_id) WHERE annotator_id = @annotatorId)
         AS decided`,
  );
  const texts = database.prepare<[number], Row>(
    `SELECT pairs.id AS pairId, prompts.messages, a.text AS a, b.text AS b, sources.name AS source, pairs.aspect
     FROM pairs JOIN prompts ON prompts.id = pairs.prompt_id JOIN sources ON sources.id = pairs.source_id
     JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id
     WHERE pairs.id = ?`,
  );
  const shownLeft = database
    .prepare<[number, number], ReplyKey>(
      'SELECT left_key FROM showings WHERE pair_id = ? AND annotator_id = ?',
    )
    .pluck();
  const addShowing = database.prepare<[number, number, ReplyKey, string]>(
    'INSERT INTO showings (pair_id, annotator_id, left_key, shown_at) VALUES (?, ?, ?, ?)',
  );
  const imported = database
    .prepare<[number], Verdict>(
      `SELECT standing.decision FROM standing JOIN annotators ON annotators.id = standing.annotator_id
       WHERE standing.pair_id = ? AND annotators.kind = 'import'`,
    )
    .pluck();
  const history = database.prepare<[number], { annotator: string; decision: Decision; at: string }>(
    `SELECT annotators.name AS annotator, annotations.decision, annotations.created_at AS at
     FROM annotations JOIN annotators ON annotators.id = annotations.annotator_id
     WHERE annotations.pair_id = ? AND annotators.kind = 'person' ORDER BY annotations.id`,
  );
  const append = database.prepare<[NewAnnotation]>(
    `INSERT INTO annotations (pair_id, annotator_id, decision, left_key, duration_ms, created_at, supersedes_id)
     VALUES (@pairId, @annotatorId, @decision, @leftKey, @durationMs, @at, (
       SELECT id FROM annotations WHERE pair_id = @pairId AND annotator_id = @annotatorId
       ORDER BY id DESC LIMIT 1))`,
  );
  const lastId = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM annotations').pluck();

  return {
    people: () => people.all(),
    person: (name: string): Named => {
      addPerson.run(name);
      return people.all().find((person) => person.name === name) as Named;
    },
    /** Pairs written for labelling first, then the rest in their order. */
    nextUndecided: (annotatorId: number, limit: number): number[] => {
      const wanted = { annotatorId, limit };
      return [...new Set([...nextWritten.all(wanted), ...nextUndecided.all(wanted)])].slice(0, limit);
    },
    standing: (pairId: number, annotatorId: number) => standing.get({ pairId, annotatorId }) ?? null,
    latestStanding: (annotatorId: number) => latestStanding.get({ annotatorId }) ?? null,
    durationsAfter: (annotatorId: number, after: number) => durations.all({ annotatorId, after }),
    counts: (annotatorId: number) => counts.get({ annotatorId }) as { total: number; decided: number },
    texts: (pairId: number): PairTexts => {
      const row = texts.get(pairId);
      if (row) {
        const stored = readStoredMessages(row.messages);
        if (stored.ok) return { ...row, messages: stored.messages };
        throw new UnreadablePairError({ pairId, reason: stored.reason });
      }
      const reason = setAside.reasonOf(pairId);
      if (reason !== null) throw new UnreadablePairError({ pairId, reason });
      throw new FacetError({
        code: 'annotate.unknown-pair',
        message: `This project has no pair ${pairId}.`,
        fix: 'Choose a pair in the library.',
      });
    },
    shownLeft: (pairId: number, annotatorId: number) => shownLeft.get(pairId, annotatorId) ?? null,
    addShowing: (pairId: number, annotatorId: number, leftKey: ReplyKey, at: string) => {
      addShowing.run(pairId, annotatorId, leftKey, at);
    },
    imported: (pairId: number) => imported.get(pairId) ?? null,
    history: (pairId: number) => history.all(pairId),
    append: (annotation: NewAnnotation) => {
      append.run(annotation);
    },
    lastId: () => lastId.get() as number,
  };
}
