import type { Failure } from '#core/result.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CheckpointFrame, RunFrame } from '#core/runFrames.ts';
import type { PairSelection, Run } from '#shared/entities.ts';
import type { Database } from './database.ts';

export interface NewRun {
  readonly name: string;
  readonly modelId: number;
  readonly config: RunConfig;
  readonly selection: PairSelection;
  readonly pairs: number;
  readonly codeVersion: string;
  readonly startedAt: string;
}
export interface StoredCheckpoint {
  readonly kind: 'best' | 'last';
  readonly step: number;
  /** Relative to the run's folder. */
  readonly path: string;
}
type Row = Omit<Run, 'resumable' | 'config' | 'selection' | 'failure'> & {
  readonly config: string;
  readonly selection: string;
  readonly failure: string | null;
};

const SELECT_RUN = `SELECT runs.id, runs.name, runs.state, runs.model_id AS modelId, models.name AS modelName,
  runs.config, runs.selection, runs.pairs, runs.engine, runs.engine_fallback AS engineFallback, runs.step,
  runs.accuracy, runs.failure, runs.code_version AS codeVersion, runs.started_at AS startedAt,
  runs.ended_at AS endedAt FROM runs JOIN models ON models.id = runs.model_id`;

const toRun = (row: Row): Run => ({
  ...row,
  resumable: false,
  config: JSON.parse(row.config) as RunConfig,
  selection: JSON.parse(row.selection) as PairSelection,
  failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
});

export function runTable(database: Database) {
  const all = database.prepare<[], Row>(`${SELECT_RUN} ORDER BY runs.id DESC`);
  const one = database.prepare<[number], Row>(`${SELECT_RUN} WHERE runs.id = ?`);
  const insert = database.prepare<[Record<string, string | number>]>(
    `INSERT INTO runs (name, state, model_id, config, seed, selection, pairs, code_version, started_at)
     VALUES (@name, 'running', @modelId, @config, @seed, @selection, @pairs, @codeVersion, @startedAt)`,
  );
  const addFrame = database.prepare<[number, number, string, string]>(
    'INSERT INTO run_frames (run_id, position, type, frame) VALUES (?, ?, ?, ?)',
  );
  const frames = database
    .prepare<[number, number, number], string>(
      'SELECT frame FROM run_frames WHERE run_id = ? AND position >= ? ORDER BY position LIMIT ?',
    )
    .pluck();
  const unended = database.prepare<[], Row>(
    `${SELECT_RUN} WHERE runs.state IN ('running', 'stopping') ORDER BY runs.id`,
  );
  const setState = database.prepare<[string, number]>('UPDATE runs SET state = ? WHERE id = ?');
  const setDataset = database.prepare<[string, number]>('UPDATE runs SET dataset_sha256 = ? WHERE id = ?');
  const setEngine = database.prepare<[string, string | null, number]>(
    'UPDATE runs SET engine = ?, engine_fallback = ? WHERE id = ?',
  );
  const setStep = database.prepare<[number, number]>('UPDATE runs SET step = ? WHERE id = ?');
  const setAccuracy = database.prepare<[number, number]>('UPDATE runs SET accuracy = ? WHERE id = ?');
  const end = database.prepare<[string, string | null, string, number]>(
    'UPDATE runs SET state = ?, failure = ?, ended_at = ? WHERE id = ?',
  );
  const putCheckpoint = database.prepare<[number, string, number, string, string, number, string]>(
    `INSERT INTO checkpoints (run_id, kind, step, path, sha256, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, kind) DO UPDATE SET step = excluded.step, path = excluded.path,
       sha256 = excluded.sha256, bytes = excluded.bytes, created_at = excluded.created_at`,
  );
  const checkpoints = database.prepare<[number], StoredCheckpoint>(
    "SELECT kind, step, path FROM checkpoints WHERE run_id = ? ORDER BY kind = 'last' DESC",
  );

  const applyFrame = (runId: number, frame: RunFrame): void => {
    if (frame.type === 'engine') setEngine.run(frame.engine, frame.fallback, runId);
    if (frame.type === 'step') setStep.run(frame.step, runId);
    if (frame.type === 'evaluation') setAccuracy.run(frame.accuracy, runId);
  };

  return {
    list: () => all.all().map(toRun),
    get: (runId: number): Run => {
      const row = one.get(runId);
      if (row) return toRun(row);
      throw new FacetError({
        code: 'runs.unknown',
        message: `This project has no run ${runId}.`,
        fix: 'Choose a run from the list.',
      });
    },
    insert: (run: NewRun): number =>
      Number(
        insert.run({
          ...run,
          seed: run.config.seed,
          config: JSON.stringify(run.config),
          selection: JSON.stringify(run.selection),
        }).lastInsertRowid,
      ),
    setState: (runId: number, state: Run['state']) => setState.run(state, runId),
    setDataset: (runId: number, sha256: string) => setDataset.run(sha256, runId),
    /** One transaction: the frames and what they say about the run. */
    appendFrames: (runId: number, from: number, batch: readonly RunFrame[]): void => {
      database.transaction(() => {
        for (const [index, frame] of batch.entries()) {
          addFrame.run(runId, from + index, frame.type, JSON.stringify(frame));
          applyFrame(runId, frame);
        }
      })();
    },
    frames: (runId: number, from: number, limit: number): RunFrame[] =>
      frames.all(runId, from, limit).map((frame) => JSON.parse(frame) as RunFrame),
    unended: () => unended.all().map(toRun),
    end: (runId: number, state: Run['state'], failure: Failure | null, at: string) =>
      end.run(state, failure && JSON.stringify(failure), at, runId),
    putCheckpoint: (runId: number, frame: CheckpointFrame, relativePath: string, at: string) =>
      putCheckpoint.run(runId, frame.kind, frame.step, relativePath, frame.sha256, frame.bytes, at),
    /** The last one first. */
    checkpoints: (runId: number) => checkpoints.all(runId),
  };
}
export type RunTable = ReturnType<typeof runTable>;
