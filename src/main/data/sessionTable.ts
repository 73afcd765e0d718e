import { type SessionDecision, type SessionFigures, SessionTally } from '#core/labelSession.ts';
import type { Database } from './database.ts';
import { steady } from './steady.ts';

/** What somebody decided after an annotation and has not taken back, the oldest first. */
export const SESSION_DECISIONS = `SELECT annotations.duration_ms AS durationMs, annotations.created_at AS at,
    annotations.flag IS NOT NULL AS isFlagged FROM standing
  JOIN annotations ON annotations.id = standing.annotation_id
  WHERE standing.person = 1 AND standing.annotator_id = ${steady('@annotatorId')} AND standing.annotation_id > @after
  UNION ALL SELECT duration_ms, created_at, flag IS NOT NULL FROM repeats JOIN annotations ON annotations.id = answer_id
  WHERE repeats.annotator_id = ${steady('@annotatorId')} AND answer_id > @after
  ORDER BY at`;

interface Known {
  readonly after: number;
  readonly upTo: number;
  /** When the annotation `upTo` was made: a change that failed at its end took it back, and another may have its id. */
  readonly at: string | null;
  readonly tally: SessionTally;
}

/** How the sessions of people go: a decision costs the same at the end of a long day as at its start. */
export function sessionTable(database: Database) {
  const decisions = database.prepare<[{ annotatorId: number; after: number }], SessionDecision>(
    SESSION_DECISIONS,
  );
  const last = database.prepare<[], { readonly id: number; readonly at: string }>(
    'SELECT id, created_at AS at FROM annotations ORDER BY id DESC LIMIT 1',
  );
  const madeAt = database
    .prepare<[number], string>('SELECT created_at FROM annotations WHERE id = ?')
    .pluck();
  /** Whether what came in took something of the session back, or put it in another's place. */
  const isChanged = database
    .prepare<[{ annotatorId: number; after: number; upTo: number }], 0 | 1>(
      `SELECT EXISTS (SELECT 1 FROM annotations
       WHERE id > @upTo AND annotator_id = ${steady('@annotatorId')}
         AND (supersedes_id > @after OR repeats_id IS NOT NULL AND action <> 'decide'))`,
    )
    .pluck();
  const known = new Map<number, Known>();
  const begun = (after: number): Known => ({
    after,
    upTo: after,
    at: madeAt.get(after) ?? null,
    tally: new SessionTally(),
  });

  /** What is known of the session, if what came in only adds to it. */
  function kept(annotatorId: number, after: number): Known | null {
    const before = known.get(annotatorId);
    if (before?.after !== after || (madeAt.get(before.upTo) ?? null) !== before.at) return null;
    return isChanged.get({ annotatorId, after, upTo: before.upTo }) === 1 ? null : before;
  }
  return {
    /** The figures of what somebody decided after an annotation. */
    figures(annotatorId: number, after: number): SessionFigures {
      const { id: upTo, at } = last.get() ?? { id: 0, at: null };
      let { tally, upTo: from } = kept(annotatorId, after) ?? begun(after);
      let added = upTo > from ? decisions.all({ annotatorId, after: from }) : [];
      // A clock that was set back: an earlier decision comes after a later one.
      if (added[0] && tally.lastMs !== Number.POSITIVE_INFINITY && Date.parse(added[0].at) < tally.lastMs) {
        ({ tally, upTo: from } = begun(after));
        added = decisions.all({ annotatorId, after: from });
      }
      for (const decision of added) tally.add(decision);
      known.set(annotatorId, { after, upTo, at, tally });
      return tally.figures();
    },
  };
}
