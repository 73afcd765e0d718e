/** Where a run stands while its loop goes on, and what every part of the loop reads. */
import { watchGraphics } from '#compute/engines/graphicsUse.ts';
import { codesOf } from '#core/methods.ts';
import type { EngineName } from '#core/runConfig.ts';
import { type RunDoctor, runDoctor } from './doctor.ts';
import type { MeasuredPair } from './evaluation.ts';
import type { CheckpointKeeper } from './keeper.ts';
import type { PreparedRun } from './prepare.ts';
import type { BestSoFar, TrainingProgress } from './progress.ts';
import { type CodeMass, noMass } from './reseed.ts';
import { type References, type RowOrder, rowOrder } from './rows.ts';
import type { StepPairsLog } from './stepPairsLog.ts';

const ON_PROCESSOR: readonly EngineName[] = ['onnx-cpu', 'tfjs-wasm', 'tfjs-cpu'];

export interface LoopState {
  readonly run: PreparedRun;
  readonly references: References | null;
  readonly keeper: CheckpointKeeper;
  readonly order: RowOrder;
  readonly doctor: RunDoctor;
  readonly log: StepPairsLog;
  /** null where the processor computes. */
  readonly graphics: ReturnType<typeof watchGraphics> | null;
  /** Steps done. */
  done: number;
  best: BestSoFar | null;
  /** Evaluations without a better one. */
  sinceBest: number;
  /** Mass of each code since the last re-seeding; null where none is asked for. */
  mass: CodeMass | null;
  /** Held-out pairs at step `measuredAt`. */
  measured: readonly MeasuredPair[];
  measuredAt: number;
  evaluationDue: boolean;
  /** Step of the last checkpoint, and when it was written. */
  savedAt: number;
  savedMs: number;
}

export function beginLoop(
  run: PreparedRun,
  references: References | null,
  keeper: CheckpointKeeper,
  log: StepPairsLog,
): LoopState {
  const { config, resumed } = run;
  const from = resumed?.progress;
  const codes = codesOf(config);
  const reseeds = codes !== null && (config.latent?.reseedDeadEvery ?? 0) > 0;
  return {
    run,
    references,
    keeper,
    order: rowOrder(run.training, run.stepShape, config, from?.place, run.shape),
    doctor: runDoctor(config, from?.doctor),
    log,
    graphics: ON_PROCESSOR.includes(run.engine.name) ? null : watchGraphics(),
    done: from?.step ?? 0,
    best: from?.best ?? null,
    sinceBest: from?.evaluationsSinceBest ?? 0,
    mass: reseeds ? (from?.codeMass ?? noMass(codes)) : null,
    measured: [],
    measuredAt: -1,
    evaluationDue: from?.evaluationDue ?? false,
    savedAt: from?.step ?? -1,
    savedMs: performance.now(),
  };
}

export const progressOf = ({
  done,
  order,
  mass,
  best,
  sinceBest,
  doctor,
  evaluationDue,
}: LoopState): TrainingProgress => ({
  step: done,
  place: order.place(),
  codeMass: mass,
  best,
  evaluationsSinceBest: sinceBest,
  doctor: doctor.state(),
  ...(evaluationDue && { evaluationDue }),
});

/** Enough evaluations in a row brought no improvement. */
export const hasConverged = ({ run, sinceBest }: LoopState): boolean =>
  run.config.earlyStoppingPatience > 0 && sinceBest >= run.config.earlyStoppingPatience;
