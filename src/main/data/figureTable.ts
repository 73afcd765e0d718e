/** Figures that belong to a checkpoint, beside its codes: margins of held-out pairs, and what is still to be read. */
import type { PairResult } from '#core/jobs.ts';
import { SLICE_ROWS } from './codeTable.ts';
import type { Database } from './database.ts';

/** The strongest codes of a pair stay in the run's own file: the project has p(z|x) of every prompt. */
export type StoredPairResult = Omit<PairResult, 'prior' | 'posterior'>;

interface Place {
  readonly runId: number;
  readonly step: number;
}

/** Whose codes and margins the table of pairs shows. */
export interface ShownFigures extends Place {
  readonly kind: 'best' | 'last' | null;
}

export function figureTable(database: Database) {
  const addResult = database.prepare<[StoredPairResult & Place]>(
    `INSERT OR REPLACE INTO pair_results
       (run_id, step, pair_id, margin, reward_chosen, reward_rejected, posterior_margin, swapped_margin, kl)
     VALUES
       (@runId, @step, @pairId, @margin, @rewardChosen, @rewardRejected, @posteriorMargin, @swappedMargin, @kl)`,
  );
  const told = database.prepare<[number, number, number]>(
    `INSERT INTO checkpoint_figures (run_id, step, pairs) VALUES (?, ?, ?)
     ON CONFLICT (run_id, step) DO UPDATE SET pairs = excluded.pairs`,
  );
  const resultSteps = database
    .prepare<[number], number>(
      'SELECT step FROM checkpoint_figures WHERE run_id = ? AND pairs > 0 ORDER BY step',
    )
    .pluck();
  const want = database.prepare<[number, number]>(
    'INSERT OR IGNORE INTO codes_wanted (run_id, step) VALUES (?, ?)',
  );
  const wanted = database.prepare<[], Place>(
    'SELECT run_id AS runId, step FROM codes_wanted ORDER BY run_id DESC, step DESC',
  );
  const settled = database.prepare<[number, number]>(
    'DELETE FROM codes_wanted WHERE run_id = ? AND step = ?',
  );
  const settledAll = database.prepare<[number]>('DELETE FROM codes_wanted WHERE run_id = ?');
  const gone = database.prepare<[number], Place>(
    `SELECT run_id AS runId, step FROM checkpoint_figures AS figures WHERE run_id = ?
       AND NOT EXISTS (SELECT 1 FROM checkpoints
         WHERE checkpoints.run_id = figures.run_id AND checkpoints.step = figures.step)`,
  );
  const remove = (
    [
      ['code_activations', 'prompt_id'],
      ['pair_results', 'pair_id'],
      ['checkpoint_figures', 'step'],
    ] as const
  ).map(([table, key]) =>
    database.prepare<Place>(
      `DELETE FROM ${table} WHERE run_id = @runId AND step = @step AND ${key} IN (
         SELECT ${key} FROM ${table} WHERE run_id = @runId AND step = @step ORDER BY ${key} LIMIT ${SLICE_ROWS})`,
    ),
  );
  const forgetCheckpoints = database.prepare<[number]>('DELETE FROM checkpoints WHERE run_id = ?');
  const shown = database.prepare<[], ShownFigures>(
    `SELECT run_id AS runId, step, (SELECT kind FROM checkpoints
       WHERE checkpoints.run_id = shown.run_id AND checkpoints.step = shown.step
       ORDER BY kind = 'last' DESC LIMIT 1) AS kind
     FROM shown_figures AS shown`,
  );
  function* takeAway(runId: number): Generator<() => void> {
    for (const { step } of gone.all(runId))
      for (const statement of remove)
        for (let left = SLICE_ROWS; left === SLICE_ROWS; )
          yield () => {
            left = statement.run({ runId, step }).changes;
          };
  }
  return {
    putResults: (runId: number, step: number, results: readonly StoredPairResult[]): void => {
      database.transaction(() => {
        for (const result of results) addResult.run({ ...result, runId, step });
        told.run(runId, step, results.length);
      })();
    },
    /** Steps whose held-out pairs are stored, in order. */
    resultSteps: (runId: number) => resultSteps.all(runId),
    wantCodes: (runId: number, steps: readonly number[]): void => {
      for (const step of steps) want.run(runId, step);
    },
    /** Newest first. */
    wanted: () => wanted.all(),
    settle: (runId: number, step: number): void => {
      settled.run(runId, step);
    },
    settleAll: (runId: number): void => {
      settledAll.run(runId);
    },
    /** Takes away what belongs to checkpoints of a run that are no longer kept, a turn at a time. */
    removeGone: takeAway,
    /** The same of all that the run has, its checkpoints' rows with them. */
    *removeAll(runId: number): Generator<() => void> {
      yield () => void forgetCheckpoints.run(runId);
      yield* takeAway(runId);
    },
    shown: (): ShownFigures | null => shown.get() ?? null,
  };
}
