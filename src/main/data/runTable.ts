import type { Failure } from '#core/result.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CheckpointFrame, EvaluationFrame, RunFrame } from '#core/runFrames.ts';
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
type Row = Omit<
  Run,
  | 'resumable'
  | 'config'
  | 'selection'
  | 'failure'
  | 'checkpoints'
  | 'checkpointStep'
  | 'codesSteps'
  | 'codesStep'
> & {
  readonly checkpoints: string;
  readonly codesSteps: string;
  readonly config: string;
  readonly selection: string;
  readonly failure: string | null;
};

const SELECT_RUN = `SELECT runs.id, runs.name, runs.note,
  CASE WHEN runs.paused AND runs.state = 'stopping' THEN 'pausing'
    WHEN runs.paused AND runs.state = 'stopped' THEN 'paused' ELSE runs.state END AS state,
  runs.model_id AS modelId, models.name AS modelName,
  runs.config, runs.selection, runs.pairs, runs.engine, runs.engine_fallback AS engineFallback, runs.step,
  runs.accuracy, runs.failure, runs.code_version AS codeVersion, runs.started_at AS startedAt,
  runs.ended_at AS endedAt,
  (SELECT json_group_array(json_object('kind', kind, 'step', step)) FROM checkpoints WHERE run_id = runs.id) AS checkpoints,
  (SELECT json_group_array(step) FROM checkpoint_figures WHERE run_id = runs.id AND prompts > 0) AS codesSteps FROM runs JOIN models ON models.id = runs.model_id`;

const ENDED_EARLY: readonly Run['state'][] = ['paused', 'stopped', 'failed'];

function toRun(row: Row): Run {
  const config = JSON.parse(row.config) as RunConfig;
  const checkpoints = JSON.parse(row.checkpoints) as Run['checkpoints'];
  const codesSteps = (JSON.parse(row.codesSteps) as number[]).sort((a, b) => a - b);
  const checkpointStep = checkpoints.find(({ kind }) => kind === 'last')?.step ?? null;
  return {
    ...row,
    // After its last step too: what follows the steps is still to be done. One that a person ended, or that was ended with the
    // application, before its first checkpoint begins anew.
    resumable: ENDED_EARLY.includes(row.state) && (checkpointStep !== null || row.state !== 'failed'),
    checkpoints,
    checkpointStep,
    codesSteps,
    codesStep: codesSteps.at(-1) ?? null,
    config,
    selection: JSON.parse(row.selection) as PairSelection,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
  };
}

/**
 * Whether a frame tells of something after `step`: a run that goes on from there will tell of it again. So does the
 * evaluation that only its stop asked for, which a run left alone would not have made.
 */
function isAfter(frame: RunFrame, step: number, evaluateEvery: number): boolean {
  if (!('step' in frame) || typeof frame.step !== 'number') return false;
  const isPlanned = evaluateEvery > 0 && step % evaluateEvery === 0;
  return frame.step > step || (frame.type === 'evaluation' && frame.step === step && !isPlanned);
}

/** An end that the disk did not take. */
type HeldEnd = Pick<Run, 'state' | 'failure' | 'endedAt'>;

const stored = (state: Run['state']): [state: string, paused: number] => {
  if (state === 'pausing') return ['stopping', 1];
  return state === 'paused' ? ['stopped', 1] : [state, 0];
};

export function runTable(database: Database) {
  const all = database.prepare<[], Row>(`${SELECT_RUN} WHERE NOT runs.deleted ORDER BY runs.id DESC`);
  const setWords = database.prepare<[string, string, number]>(
    'UPDATE runs SET name = ?, note = ? WHERE id = ?',
  );
  const setDeleted = database.prepare<[number, number]>('UPDATE runs SET deleted = ? WHERE id = ?');
  const deleted = database.prepare<[], number>('SELECT id FROM runs WHERE deleted ORDER BY id').pluck();
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
  const setState = database.prepare<[string, number, number]>(
    'UPDATE runs SET state = ?, paused = ? WHERE id = ?',
  );
  const reopen = database.prepare<[number, number]>(
    "UPDATE runs SET state = 'running', paused = 0, failure = NULL, ended_at = NULL, step = ? WHERE id = ?",
  );
  const lastOfType = database
    .prepare<[number, string], string>(
      'SELECT frame FROM run_frames WHERE run_id = ? AND type = ? ORDER BY position DESC LIMIT 1',
    )
    .pluck();
  const evaluations = database
    .prepare<[number], string>(
      "SELECT frame FROM run_frames WHERE run_id = ? AND type = 'evaluation' ORDER BY position",
    )
    .pluck();
  const count = database
    .prepare<[number], number | null>('SELECT max(position) FROM run_frames WHERE run_id = ?')
    .pluck();
  const clearFrames = database.prepare<[number]>('DELETE FROM run_frames WHERE run_id = ?');
  const datasetHash = database
    .prepare<[number], string | null>('SELECT dataset_sha256 FROM runs WHERE id = ?')
    .pluck();
  const sources = database.prepare<[], { id: number; name: string; file: string; pairs: number }>(
    `SELECT id, name, file, (SELECT count(*) FROM pairs WHERE source_id = sources.id) AS pairs
     FROM sources ORDER BY id`,
  );
  const setDataset = database.prepare<[string, number, number]>(
    'UPDATE runs SET dataset_sha256 = ?, pairs = ? WHERE id = ?',
  );
  const setEngine = database.prepare<[string, string | null, number]>(
    'UPDATE runs SET engine = ?, engine_fallback = ? WHERE id = ?',
  );
  const setStep = database.prepare<[number, number]>('UPDATE runs SET step = max(step, ?) WHERE id = ?');
  const setAccuracy = database.prepare<[number, number]>('UPDATE runs SET accuracy = ? WHERE id = ?');
  const end = database.prepare<[string, number, string | null, string, number]>(
    'UPDATE runs SET state = ?, paused = ?, failure = ?, ended_at = ? WHERE id = ?',
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

  /** Shown as they are until they can be stored. */
  const held = new Map<number, HeldEnd>();
  const shown = (row: Row): Run => {
    const end = held.get(row.id);
    if (end === undefined) return toRun(row);
    return { ...toRun({ ...row, state: end.state }), failure: end.failure, endedAt: end.endedAt };
  };

  return {
    list: () => all.all().map(shown),
    get: (runId: number): Run => {
      const row = one.get(runId);
      if (row) return shown(row);
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
    setWords: (runId: number, name: string, note: string) => setWords.run(name, note, runId),
    /** Left out of the list, and there until its files are removed. */
    setDeleted: (runId: number, isDeleted: boolean) => setDeleted.run(isDeleted ? 1 : 0, runId),
    deleted: () => deleted.all(),
    /** `pausing` is stored as `stopping` that was asked to pause, `paused` as `stopped`. */
    setState: (runId: number, state: Run['state']) => setState.run(...stored(state), runId),
    /**
     * Makes a run that ended early a running one again from its last checkpoint (null: from its beginning), in one
     * transaction: what it reported of later steps goes, since those will be done again. Gives the number of frames that stay.
     */
    reopen: (runId: number, step: number | null): number =>
      database.transaction(() => {
        const { evaluateEvery } = toRun(one.get(runId) as Row).config;
        const told = step === null ? [] : frames.all(runId, 0, -1);
        const kept = told.filter(
          (frame) => !isAfter(JSON.parse(frame) as RunFrame, step ?? 0, evaluateEvery),
        );
        clearFrames.run(runId);
        for (const [position, frame] of kept.entries()) {
          addFrame.run(runId, position, (JSON.parse(frame) as RunFrame).type, frame);
        }
        reopen.run(step ?? 0, runId);
        held.delete(runId);
        return kept.length;
      })(),
    datasetHash: (runId: number): string | null => datasetHash.get(runId) ?? null,
    /** Sources that a selection names; null is all. */
    sourcesOf: (ids: readonly number[] | null) =>
      sources.all().filter(({ id }) => ids === null || ids.includes(id)),
    /** What the run's dataset file holds. */
    setDataset: (runId: number, sha256: string, pairs: number) => setDataset.run(sha256, pairs, runId),
    /** Of a run that was trained elsewhere: no engine of Facet's. */
    setEngine: (runId: number, engine: string) => setEngine.run(engine, null, runId),
    /** One transaction: the frames and what they say about the run. */
    appendFrames: (runId: number, from: number, batch: readonly RunFrame[]): void => {
      database.transaction(() => {
        for (const [index, frame] of batch.entries()) {
          addFrame.run(runId, from + index, frame.type, JSON.stringify(frame));
          applyFrame(runId, frame);
        }
      })();
    },
    /** The last frame of a type; null where there is none. */
    lastFrame<T extends RunFrame['type']>(runId: number, type: T): Extract<RunFrame, { type: T }> | null {
      const frame = lastOfType.get(runId, type);
      return frame === undefined ? null : (JSON.parse(frame) as Extract<RunFrame, { type: T }>);
    },
    /** All that a run told of held-out pairs, in order. */
    evaluations: (runId: number): EvaluationFrame[] =>
      evaluations.all(runId).map((frame) => JSON.parse(frame) as EvaluationFrame),
    /** One more frame of a run that has ended. */
    addFrame: (runId: number, frame: RunFrame): void => {
      addFrame.run(runId, (count.get(runId) ?? -1) + 1, frame.type, JSON.stringify(frame));
    },
    frames: (runId: number, from: number, limit: number): RunFrame[] =>
      frames.all(runId, from, limit).map((frame) => JSON.parse(frame) as RunFrame),
    unended: () => unended.all().map(toRun),
    end: (runId: number, state: Run['state'], failure: Failure | null, at: string) => {
      end.run(...stored(state), failure && JSON.stringify(failure), at, runId);
      held.delete(runId);
    },
    /** Where the disk takes nothing: the run is shown as ended, until `end` stores it or it is set going again. */
    holdEnd: (runId: number, end: HeldEnd): void => void held.set(runId, end),
    isHeld: (runId: number): boolean => held.has(runId),
    /** A fast run reports a part of its steps alone: it stands where its checkpoint does, at least. */
    putCheckpoint: (runId: number, frame: CheckpointFrame, relativePath: string, at: string) => {
      putCheckpoint.run(runId, frame.kind, frame.step, relativePath, frame.sha256, frame.bytes, at);
      setStep.run(frame.step, runId);
    },
    /** The last one first. */
    checkpoints: (runId: number) => checkpoints.all(runId),
  };
}
