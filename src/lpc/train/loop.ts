/** The steps of a run: rows in, frames out, evaluations and checkpoints on the way. */
import type { RunFrame } from '#core/runFrames.ts';
import type { MeasuredPair } from './evaluation.ts';
import type { HiddenStateCache } from './hiddenStateCache.ts';
import type { CheckpointKeeper } from './keeper.ts';
import { beginLoop, hasConverged, type LoopState, progressOf } from './loopState.ts';
import { evaluate, pauseForMilestones, reseed, save } from './milestones.ts';
import { keepingWhatIsThere } from './outOfMemory.ts';
import { breathe, phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import type { References } from './rows.ts';
import { stepSettings } from './schedule.ts';
import { openStage, type StagePrograms } from './stage.ts';
import { stepper } from './step.ts';
import type { StepPairsLog } from './stepPairsLog.ts';

export interface LoopResult {
  readonly steps: number;
  /** Ended on request; false where the run ended early of itself. */
  readonly stopped: boolean;
  /** Held-out pairs at the last step; empty where nothing is held out. */
  readonly measured: readonly MeasuredPair[];
  /** The last checkpoint. */
  readonly checkpointDir: string;
}

/** The programs that a run is on, exchanged where a stage ends. `known` hidden states are the first stage's. */
function stageSwitch(loop: LoopState, known: HiddenStateCache | null, stop: AbortSignal) {
  /** Until the first stage takes them over. */
  let hiddenStates = known;
  let programs: StagePrograms | null = null;
  const { config } = loop.run;
  return {
    current: () => programs,
    /** Programs for the step with index `step`. */
    async *forStep(step: number): AsyncGenerator<RunFrame, StagePrograms> {
      const { stage } = stepSettings(config, step);
      if (programs?.stage === stage) return programs;
      await programs?.dispose();
      programs = null;
      programs = yield* openStage(loop.run, loop.references, stage, stop, hiddenStates);
      hiddenStates = null;
      return programs;
    },
    async dispose(): Promise<void> {
      await hiddenStates?.dispose();
      await programs?.dispose();
    },
  };
}

function earlyEndNote({ run, done, best }: LoopState): string {
  const { steps, earlyStoppingPatience } = run.config;
  const kept = best === null ? '' : ` The best checkpoint, from step ${best.step}, is kept.`;
  return `Ended early at step ${done} of ${steps}: ${earlyStoppingPatience} evaluations in a row brought no improvement.${kept}`;
}

export interface LoopOptions {
  /** Hidden states of the heads' stage that are there already; they are disposed of here. */
  readonly known?: HiddenStateCache | null;
  readonly graceMs?: number;
  readonly log: StepPairsLog;
}

/** What an evaluation may still take once the run was asked to stop. */
const STOP_GRACE_MS = 10_000;

/** Aborted so long after `signal`. */
function after(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  const wait = (): void => {
    if (ms === 0) late.abort();
    else setTimeout(() => late.abort(), ms).unref();
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return late.signal;
}

/**
 * Runs to the last step, or until asked to stop: then it ends after the row under way, and an evaluation that takes longer than
 * the grace is broken off. Checkpoints are written at every evaluation and at the end.
 */
export async function* trainingLoop(
  run: PreparedRun,
  references: References | null,
  keeper: CheckpointKeeper,
  stop: AbortSignal,
  { known = null, graceMs = STOP_GRACE_MS, log }: LoopOptions,
): AsyncGenerator<RunFrame, LoopResult> {
  const loop = beginLoop(run, references, keeper, log);
  const stages = stageSwitch(loop, known, stop);
  const takeStep = stepper(loop, stop);
  const total = run.config.steps;
  const late = after(stop, graceMs);
  const kept = <T>(work: AsyncGenerator<RunFrame, T>) => keepingWhatIsThere(loop, work);
  try {
    if (loop.evaluationDue && !stop.aborted)
      yield* kept(pauseForMilestones(loop, yield* stages.forStep(Math.max(0, loop.done - 1)), late));
    while (loop.done < total && !stop.aborted && !hasConverged(loop)) {
      const programs = yield* kept(stages.forStep(loop.done));
      if (stop.aborted) break;
      const before = loop.done;
      yield* kept(takeStep(programs));
      if (loop.done === before) break;
      yield* reseed(loop);
      await breathe();
      yield* kept(pauseForMilestones(loop, programs, late));
    }
    const endedEarly = loop.done < total && !stop.aborted && hasConverged(loop);
    // Saved before the last evaluation, which a run that goes on from here does not know of.
    yield* save(loop);
    const programs =
      stages.current() ?? (loop.done > 0 && !stop.aborted ? yield* stages.forStep(loop.done - 1) : null);
    if (programs !== null && loop.measuredAt !== loop.done && !loop.evaluationDue)
      yield* evaluate(loop, programs, {
        until: late,
        isStop: loop.done < total && !endedEarly,
        ...(!stop.aborted && { causesUntil: stop }),
      });
    if (endedEarly) yield phase('train', loop.done, total, earlyEndNote(loop));
    const checkpointDir = (await keeper.saveLast(progressOf(loop))).path;
    return {
      steps: loop.done,
      stopped: loop.done < total && !endedEarly,
      measured: loop.measured,
      checkpointDir,
    };
  } finally {
    loop.graphics?.end();
    await stages.dispose();
  }
}
