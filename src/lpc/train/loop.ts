/** The steps of a run: rows in, frames out, evaluations and checkpoints on the way. */
import { basename } from 'node:path';
import { FacetError } from '#core/result.ts';
import { codesOf, hasPosterior } from '#core/runConfig.ts';
import type { RunFrame, StepFrame } from '#core/runFrames.ts';
import { parameterGroups } from '../programs/policy.ts';
import { runDoctor } from './doctor.ts';
import { evaluationFrame, type MeasuredPair } from './evaluation.ts';
import { measureHeldOut } from './heldOut.ts';
import { trainableSpecs } from './initialState.ts';
import { type CheckpointKeeper, isBetter } from './keeper.ts';
import { breathe, phase } from './phases.ts';
import type { PreparedRun } from './prepare.ts';
import type { BestSoFar, TrainingProgress } from './progress.ts';
import { addMass, applyReseeding, type CodeMass, noMass, planReseeding, reseedingNote } from './reseed.ts';
import { type References, rowOrder } from './rows.ts';
import { backboneStart, stepSettings } from './schedule.ts';
import { openStage, type StagePrograms } from './stage.ts';
import type { StateCache } from './stateCache.ts';
import { brokenStep, type StepFigures, stepFigures, stepPriors } from './stepFigures.ts';
import { paceMeter, stepThrottle } from './throttle.ts';

export interface LoopResult {
  readonly steps: number;
  /** Ended on request; false where the run ended early of itself. */
  readonly stopped: boolean;
  /** Held-out pairs at the last step; empty where nothing is held out. */
  readonly measured: readonly MeasuredPair[];
  /** The last checkpoint. */
  readonly checkpointDir: string;
}

/** A run is never further than this from its last checkpoint. */
const LONGEST_UNSAVED_MS = 10 * 60_000;

/**
 * Runs to the last step, or until asked to stop; checkpoints are written at every evaluation and at the end. `known` are hidden
 * states of the heads' stage that are there already; they are disposed of here.
 */
export async function* trainingLoop(
  run: PreparedRun,
  references: References | null,
  keeper: CheckpointKeeper,
  stop: AbortSignal,
  known: StateCache | null = null,
): AsyncGenerator<RunFrame, LoopResult> {
  /** Until the first stage takes them over. */
  let states = known;
  const { config, resumed } = run;
  const { latent, steps: total, accumulation } = config;
  const codes = codesOf(config);
  const reseeds = codes !== null && latent !== null && latent.reseedDeadEvery > 0;
  const from = resumed?.progress;
  const order = rowOrder(run.training, run.shape, config.seed, from?.place);
  const doctor = runDoctor(config, from?.doctor);
  const isTold = stepThrottle(total);
  const pace = paceMeter();
  let programs = null as StagePrograms | null;
  let done = from?.step ?? 0;
  let best: BestSoFar | null = from?.best ?? null;
  let sinceBest = from?.evaluationsSinceBest ?? 0;
  let mass: CodeMass | null = reseeds ? (from?.codeMass ?? noMass(codes)) : null;
  let measured: MeasuredPair[] = [];
  let measuredAt = -1;
  let savedMs = performance.now();
  let savedAt = from?.step ?? -1;

  const progress = (): TrainingProgress => ({
    step: done,
    place: order.place(),
    codeMass: mass,
    best,
    evaluationsSinceBest: sinceBest,
    doctor: doctor.state(),
  });
  async function* save(): AsyncGenerator<RunFrame, void> {
    if (savedAt === done) return;
    yield phase('save', 0, 1);
    yield await keeper.saveLast(progress());
    savedMs = performance.now();
    savedAt = done;
  }
  const isFinal = (stage: StagePrograms['stage']): boolean =>
    stage === 'all' || backboneStart(config) >= total;
  async function* evaluate(current: StagePrograms, isStop = false): AsyncGenerator<RunFrame, void> {
    measured = yield* measureHeldOut(run, references, current);
    measuredAt = done;
    const frame = evaluationFrame(done, measured, config, run.originOf);
    if (frame === null) return;
    yield frame;
    yield* doctor.afterEvaluation(frame);
    // A stop's own evaluation takes no earlier best's place: a run that goes on would know nothing of it.
    const counts = !isStop || best === null;
    if (counts && isBetter(frame, best)) {
      const saved = await keeper.saveBest(done);
      best = { step: done, accuracy: frame.accuracy, loss: frame.loss, folder: basename(saved.path) };
      sinceBest = 0;
      yield saved;
      // While the backbone still rests, a standstill of the heads is no reason to end.
    } else if (isFinal(current.stage)) sinceBest += 1;
  }
  const patience = config.earlyStoppingPatience;
  const hasEnded = (): boolean => patience > 0 && sinceBest >= patience;
  async function* reseed(): AsyncGenerator<RunFrame, void> {
    if (!latent || !mass || done % latent.reseedDeadEvery !== 0 || done >= total) return;
    const plan = planReseeding(mass, config.seed, done);
    mass = noMass(latent.codes);
    if (plan.length === 0) return;
    const specs = trainableSpecs(parameterGroups(config, run.model.config));
    await applyReseeding(run.engine, specs, latent, plan, { seed: config.seed, step: done });
    yield phase('train', done, total, reseedingNote(done, plan));
  }
  const frameOf = (figures: StepFigures, stepMs: number, timeLeftMs: number): StepFrame => {
    const { stage, ...settings } = stepSettings(config, done - 1);
    return {
      type: 'step',
      step: done,
      totalSteps: total,
      ...figures,
      g: settings.g,
      temperature: codes === null ? null : settings.temperature,
      klWeight: hasPosterior(config) ? settings.klWeight : null,
      learningRate: stage === 'heads' ? settings.headsLearningRate : settings.learningRate,
      headsLearningRate: settings.headsLearningRate,
      tokensPerSecond: Math.round((1000 * figures.tokens) / stepMs),
      timeLeftMs,
      stage,
    };
  };

  try {
    while (done < total && !stop.aborted && !hasEnded()) {
      const { stage } = stepSettings(config, done);
      if (programs?.stage !== stage) {
        await programs?.dispose();
        programs = null;
        programs = yield* openStage(run, references, stage, stop, states);
        states = null;
        if (stop.aborted) break;
      }
      const startedMs = performance.now();
      const rows = order.take(accumulation);
      const outputs = await programs.train.run(done, rows, programs.rowInputs);
      const figures = stepFigures(rows, outputs, config);
      const broken = brokenStep(figures, done + 1, keeper.newest());
      if (broken) {
        const { field, code, message, fix } = broken;
        yield { type: 'warning', step: done + 1, code, message, fix };
        throw new FacetError({ code: 'train.not-finite', message, fix, where: { field } });
      }
      done += 1;
      const stepMs = performance.now() - startedMs;
      const stageEnd = stage === 'heads' ? backboneStart(config) : total;
      const timeLeftMs = pace(stepMs, {
        stage,
        inStage: stageEnd - done,
        later: total - stageEnd,
        forwardMs: programs.forwardMs === null ? null : accumulation * programs.forwardMs,
      });
      const priors = mass === null ? null : stepPriors(rows, outputs.rows, codes);
      if (mass !== null && priors !== null) mass = addMass(mass, priors);
      const frame = frameOf(figures, stepMs, timeLeftMs);
      if (isTold(done)) yield frame;
      // Every step, told or not: which are told depends on the clock.
      yield* doctor.afterStep(frame);
      yield* reseed();
      await breathe();
      const due = config.evaluateEvery > 0 && done % config.evaluateEvery === 0;
      if (due && done < total) {
        yield* evaluate(programs);
        yield* save();
      } else if (done < total && performance.now() - savedMs > LONGEST_UNSAVED_MS) yield* save();
    }
    const endedEarly = done < total && !stop.aborted && hasEnded();
    // Saved before the last evaluation, which a run that goes on from here does not know of.
    yield* save();
    if (programs === null && done > 0 && !stop.aborted)
      programs = yield* openStage(run, references, stepSettings(config, done - 1).stage, stop);
    if (programs !== null && measuredAt !== done) yield* evaluate(programs, done < total && !endedEarly);
    if (endedEarly) {
      const kept = best === null ? '' : ` The best, of step ${best.step}, is kept.`;
      const note = `Ended early at step ${done} of ${total}: ${patience} evaluations in a row were no better.${kept}`;
      yield phase('train', done, total, note);
    }
    const checkpointDir = (await keeper.saveLast(progress())).path;
    return { steps: done, stopped: done < total && !endedEarly, measured, checkpointDir };
  } finally {
    await states?.dispose();
    await programs?.dispose();
  }
}
