/** The steps of a run: rows in, frames out, evaluations and checkpoints on the way. */
import type { NamedData } from '#compute/program.ts';
import type { EvaluationFrame, RunFrame, StepFrame } from '#core/runFrames.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import { stepInputs } from '../programs/stepInputs.ts';
import { runDoctor } from './doctor.ts';
import { evaluationFrame, type MeasuredPair, measuredPairs } from './evaluation.ts';
import type { CheckpointKeeper } from './keeper.ts';
import { stepNoise } from './noise.ts';
import { breathe, eachWithProgress, phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import { type References, referenceInput, trainingRows } from './rows.ts';
import { backboneStart, stepSettings } from './schedule.ts';
import { openStage, type StagePrograms } from './stage.ts';
import { requireFinite, stepFigures } from './stepFigures.ts';
import { paceMeter, stepThrottle } from './throttle.ts';

export interface LoopResult {
  readonly steps: number;
  readonly stopped: boolean;
  /** Held-out pairs at the last step; empty where nothing is held out. */
  readonly measured: readonly MeasuredPair[];
}

async function* evaluate(
  run: PreparedRun,
  references: References | null,
  programs: StagePrograms,
): AsyncGenerator<RunFrame, MeasuredPair[]> {
  const measured: MeasuredPair[] = [];
  const codes = run.config.latent?.codes ?? null;
  yield* eachWithProgress('evaluate', packRows(run.heldOut, run.shape), async (row) => {
    const outputs = await programs.evaluate.run({
      ...programs.rowInputs(row),
      reference: referenceInput(row, references),
    });
    measured.push(...measuredPairs(row, outputs, codes));
  });
  return measured;
}

/** What a step adds to its row: reference, rates, noise. */
function stepData(run: PreparedRun, references: References | null, row: PackedRow, step: number): NamedData {
  const { config, shape } = run;
  const settings = stepSettings(config, step);
  return {
    reference: referenceInput(row, references),
    ...stepInputs(settings, config.latent !== null),
    ...(config.latent && stepNoise(config.seed, step, shape.pairs, config.latent.codes)),
  };
}

/** Runs to the last step, or until asked to stop; checkpoints are written at every evaluation and at the end. */
export async function* trainingLoop(
  run: PreparedRun,
  references: References | null,
  keeper: CheckpointKeeper,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, LoopResult> {
  const { config } = run;
  const codes = config.latent?.codes ?? null;
  const rows = trainingRows(run.training, run.shape, config.seed);
  const doctor = runDoctor(config);
  const isTold = stepThrottle(config.steps);
  const pace = paceMeter();
  let programs = null as StagePrograms | null;
  let done = 0;
  let measured: MeasuredPair[] = [];

  async function* evaluateAndSave(current: StagePrograms): AsyncGenerator<RunFrame, void> {
    yield phase('save', 0, 1);
    yield await keeper.saveLast(done);
    measured = yield* evaluate(run, references, current);
    const frame: EvaluationFrame | null = evaluationFrame(done, measured, codes, run.sourceOf);
    if (frame === null) return;
    yield frame;
    yield* doctor.afterEvaluation(frame);
    const best = await keeper.saveIfBest(frame);
    if (best !== null) yield best;
  }

  try {
    while (done < config.steps && !stop.aborted) {
      const settings = stepSettings(config, done);
      if (programs?.stage !== settings.stage) {
        await programs?.dispose();
        programs = yield* openStage(run, settings.stage, stop);
        if (stop.aborted) break;
      }
      const startedMs = performance.now();
      const row = rows.next().value;
      const outputs = await programs.train.run({
        ...programs.rowInputs(row),
        ...stepData(run, references, row, done),
      });
      const figures = stepFigures(row, outputs, codes);
      requireFinite(figures, done + 1, keeper.newest());
      done += 1;
      const stepMs = performance.now() - startedMs;
      const stageEnd = settings.stage === 'heads' ? backboneStart(config) : config.steps;
      const timeLeftMs = pace(stepMs, {
        stage: settings.stage,
        inStage: stageEnd - done,
        later: config.steps - stageEnd,
        forwardMs: programs.forwardMs,
      });
      if (isTold(done)) {
        const frame: StepFrame = {
          type: 'step',
          step: done,
          totalSteps: config.steps,
          ...figures,
          g: settings.g,
          learningRate: settings.stage === 'heads' ? settings.headsLearningRate : settings.learningRate,
          tokensPerSecond: Math.round((1000 * figures.tokens) / stepMs),
          timeLeftMs,
          stage: settings.stage,
        };
        yield frame;
        yield* doctor.afterStep(frame);
      }
      await breathe();
      const due = config.evaluateEvery > 0 && done % config.evaluateEvery === 0;
      if (due && done < config.steps) yield* evaluateAndSave(programs);
    }
    if (programs !== null) yield* evaluateAndSave(programs);
    else yield await keeper.saveLast(done);
    return { steps: done, stopped: done < config.steps, measured };
  } finally {
    await programs?.dispose();
  }
}
