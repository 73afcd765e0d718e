import type { Decision, ReplyKey, Verdict } from '#core/preference.ts';
import type { Ranks } from '#core/ranking.ts';
import { NO_ATTRIBUTES, type VerdictAttributes } from '#core/verdictAttributes.ts';
import type { Step } from '#shared/entities.ts';
import {
  attributeColumns,
  NONE_STORED,
  readAttributes,
  type StoredAttributes,
  storedAttributes,
} from './attributes.ts';
import type { Database } from './database.ts';
import { steady } from './steady.ts';
import { PREVIEW } from './storedMessages.ts';

export interface NewAnnotation {
  readonly requestId: string | null;
  readonly pairId: number;
  readonly annotatorId: number;
  readonly decision: Verdict;
  /** Null where the replies were on no side: one was written beside the other. */
  readonly leftKey: ReplyKey | null;
  readonly durationMs: number | null;
  readonly at: string;
  /** Absent where nothing was said beside. */
  readonly attributes?: VerdictAttributes | undefined;
  /** The version of the guidelines that it was made by. */
  readonly guidelinesId: number | null;
  /** The first verdict, where the pair came again: what stands stays. */
  readonly repeatsId?: number | undefined;
}
/** One act on the pairs of a set: each its own annotation, the first of which is known as the ranking. */
export interface NewRanking {
  readonly setId: number;
  /** Null where the whole set was skipped or found bad. */
  readonly ranks: Ranks | null;
  readonly annotations: readonly NewAnnotation[];
}
interface Row extends StoredAttributes {
  readonly id: number;
  readonly belowId: number | null;
  readonly setId: number | null;
  readonly pairId: number;
  readonly verdict: Verdict;
  readonly leftKey: ReplyKey;
  readonly durationMs: number | null;
  readonly otherwiseId: number | null;
  readonly otherwise: Verdict | null;
  readonly otherwiseLeftKey: ReplyKey | null;
  readonly otherwiseDurationMs: number | null;
  readonly prompt: string;
  readonly repeatsId: number | null;
}
interface LogRow extends StoredAttributes {
  readonly pairId: number;
  readonly annotatorId: number;
  readonly action: 'decide' | 'undo' | 'redo';
  readonly decision: Decision;
  readonly leftKey: ReplyKey | null;
  readonly durationMs: number | null;
  readonly restoresId: number | null;
  readonly requestId: string | null;
  readonly at: string;
  readonly guidelinesId: number | null;
  readonly repeatsId: number | null;
}
type Move = { readonly annotatorId: number; readonly at: string };

/** How much of a prompt names a step. */
const PROMPT_CHARACTERS = 80;

export const LATEST_STEP = 'SELECT step_id FROM annotators WHERE id = @annotatorId';
export const NEXT_STEP = `SELECT annotation_id FROM steps
  WHERE annotator_id = ${steady('@annotatorId')} AND below_id IS ${steady('@belowId')} ORDER BY annotation_id DESC LIMIT 1`;
/** A decision, and what stood on its pair when it was made. */
const MADE = (
  id: string,
  from: string,
): string => `SELECT made.id, steps.below_id AS belowId, made.pair_id AS pairId,
  (SELECT set_id FROM rankings WHERE annotation_id = made.id) AS setId,
  made.decision AS verdict, coalesce(made.left_key, 'a') AS leftKey, made.duration_ms AS durationMs,
  otherwise.id AS otherwiseId, otherwise.decision AS otherwise, otherwise.left_key AS otherwiseLeftKey,
  otherwise.duration_ms AS otherwiseDurationMs, made.repeats_id AS repeatsId, ${attributeColumns('made')},
  substr(${PREVIEW}, 1, ${PROMPT_CHARACTERS}) AS prompt
FROM ${from}
LEFT JOIN annotations AS before ON before.id = made.supersedes_id
LEFT JOIN annotations AS otherwise
  ON otherwise.id = coalesce(before.restores_id, before.id) AND otherwise.decision <> 'retracted'
JOIN stored_pairs ON stored_pairs.id = made.pair_id
JOIN stored_prompts ON stored_prompts.id = stored_pairs.prompt_id
WHERE ${id} = ${steady('@id')} ORDER BY made.id`;
export const STEP = MADE(
  'steps.annotation_id',
  'steps JOIN annotations AS made ON made.id = steps.annotation_id',
);
/** The other annotations of a ranking. */
export const RANKED_WITH = MADE(
  'ranked_pairs.ranking_id',
  `ranked_pairs JOIN annotations AS made ON made.id = ranked_pairs.annotation_id AND made.id <> ranked_pairs.ranking_id
   LEFT JOIN steps ON steps.annotation_id = made.id`,
);

/** Every decision in the order in which it was made, each annotator's apart; see the migration that begins it. */
export function labelHistory(database: Database) {
  const append = database.prepare<[LogRow]>(
    `INSERT INTO annotations (pair_id, annotator_id, action, decision, left_key, duration_ms, restores_id,
       request_id, created_at, strength, confidence, rationale, flag, aspects, guidelines_id, repeats_id,
       supersedes_id)
     SELECT @pairId, @annotatorId, @action, @decision, @leftKey, @durationMs, @restoresId, @requestId, @at,
       coalesce(@strength, restored.strength), coalesce(@confidence, restored.confidence),
       coalesce(@rationale, restored.rationale), coalesce(@flag, restored.flag),
       coalesce(@aspects, restored.aspects), coalesce(@guidelinesId, restored.guidelines_id), @repeatsId,
       CASE WHEN @repeatsId IS NULL THEN (SELECT id FROM annotations
       WHERE pair_id = ${steady('@pairId')} AND annotator_id = ${steady('@annotatorId')} AND repeats_id IS NULL
       ORDER BY id DESC LIMIT 1) END
     FROM (SELECT 1) LEFT JOIN annotations AS restored ON restored.id = ${steady('@restoresId')}`,
  );
  const push = database.prepare<[{ id: number; annotatorId: number }]>(
    `INSERT INTO steps (annotation_id, annotator_id, below_id)
     VALUES (@id, @annotatorId, (SELECT step_id FROM annotators WHERE id = @annotatorId))`,
  );
  const moveTo = database.prepare<[{ id: number | null; annotatorId: number }]>(
    'UPDATE annotators SET step_id = @id WHERE id = @annotatorId',
  );
  const latest = database.prepare<[{ annotatorId: number }], number | null>(LATEST_STEP).pluck();
  const next = database.prepare<[{ annotatorId: number; belowId: number | null }], number>(NEXT_STEP).pluck();
  const step = database.prepare<[{ id: number }], Row>(STEP);
  const rankedWith = database.prepare<[{ id: number }], Row>(RANKED_WITH);
  const addRanking = database.prepare<[number, number, string | null]>(
    'INSERT INTO rankings (annotation_id, set_id, ranks) VALUES (?, ?, ?)',
  );
  const addRanked = database.prepare<[number, number]>(
    'INSERT INTO ranked_pairs (annotation_id, ranking_id) VALUES (?, ?)',
  );
  const byRequest = database
    .prepare<[string], number>('SELECT id FROM annotations WHERE request_id = ?')
    .pluck();

  const read = (id: number | null | undefined): Row | null =>
    id === null || id === undefined ? null : (step.get({ id }) ?? null);
  const undoable = (annotatorId: number) => read(latest.get({ annotatorId }));
  const redoable = (annotatorId: number) =>
    read(next.get({ annotatorId, belowId: latest.get({ annotatorId }) ?? null }));
  const described = (row: Row | null): Step | null =>
    row && {
      id: row.id,
      pairId: row.pairId,
      verdict: row.verdict,
      leftKey: row.leftKey,
      otherwise: row.otherwise,
      prompt: row.prompt,
      attributes: readAttributes(row),
      setId: row.setId,
    };
  /** A step with all that was decided in it, its own first. */
  const act = (row: Row): Row[] => (row.setId !== null ? [row, ...rankedWith.all({ id: row.id })] : [row]);

  const add = ({ attributes = NO_ATTRIBUTES, repeatsId, ...annotation }: NewAnnotation): number => {
    const row = {
      ...annotation,
      ...storedAttributes(attributes),
      action: 'decide',
      restoresId: null,
      repeatsId: repeatsId ?? null,
    } as const;
    return Number(append.run(row).lastInsertRowid);
  };
  const addStep = (annotation: NewAnnotation): number => {
    const { annotatorId } = annotation;
    const id = add(annotation);
    push.run({ id, annotatorId });
    moveTo.run({ id, annotatorId });
    return id;
  };

  return {
    undo: (annotatorId: number) => described(undoable(annotatorId)),
    redo: (annotatorId: number) => described(redoable(annotatorId)),
    /** Whether a request was decided already. */
    knows: (requestId: string): boolean => byRequest.get(requestId) !== undefined,
    decide: (annotation: NewAnnotation): void => {
      addStep(annotation);
    },
    /** One step for all of it. There is at least one annotation. */
    rank: ({ setId, ranks, annotations: [first, ...others] }: NewRanking): void => {
      const id = addStep(first as NewAnnotation);
      addRanking.run(id, setId, ranks && JSON.stringify(ranks));
      for (const annotationId of [id, ...others.map(add)]) addRanked.run(annotationId, id);
    },
    /** Takes back the latest decision in force; gives its pairs, that of the step first. There must be one. */
    takeBack: ({ annotatorId, at }: Move): number[] => {
      const step = undoable(annotatorId) as Row;
      const rows = act(step);
      for (const row of rows) {
        const stands = row.otherwiseId !== null;
        append.run({
          ...NONE_STORED,
          pairId: row.pairId,
          annotatorId,
          action: 'undo',
          decision: row.otherwise ?? 'retracted',
          leftKey: stands ? (row.otherwiseLeftKey as ReplyKey) : row.leftKey,
          durationMs: stands ? row.otherwiseDurationMs : null,
          restoresId: row.otherwiseId,
          requestId: null,
          guidelinesId: null,
          repeatsId: row.repeatsId,
          at,
        });
      }
      moveTo.run({ id: step.belowId, annotatorId });
      return rows.map(({ pairId }) => pairId);
    },
    /** Puts the decision that was taken back last in force again; gives its pairs. There must be one. */
    bringBack: ({ annotatorId, at }: Move): number[] => {
      const step = redoable(annotatorId) as Row;
      const rows = act(step);
      for (const row of rows)
        append.run({
          ...NONE_STORED,
          pairId: row.pairId,
          annotatorId,
          action: 'redo',
          decision: row.verdict,
          leftKey: row.leftKey,
          durationMs: row.durationMs,
          restoresId: row.id,
          requestId: null,
          guidelinesId: null,
          repeatsId: row.repeatsId,
          at,
        });
      moveTo.run({ id: step.id, annotatorId });
      return rows.map(({ pairId }) => pairId);
    },
  };
}
