/** What a loop does between steps: evaluations, checkpoints, re-seeding of dead codes. */
import { basename } from 'node:path';
import { isBetter } from '#core/bestCheckpoint.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { measureCauses } from '../causes/measureCauses.ts';
import { parameterGroups } from '../programs/policy.ts';
import { evaluationFrame, ofPairs, pairResults } from './evaluation.ts';
import { measureHeldOut } from './heldOut.ts';
import { trainableSpecs } from './initialEngineState.ts';
import { type LoopState, progressOf } from './loopState.ts';
import { phase } from './phases.ts';
import { applyReseeding, noMass, planReseeding, reseedingNote } from './reseed.ts';
import { backboneStart } from './schedule.ts';
import type { StagePrograms } from './stage.ts';

/** A run is never further than this from its last checkpoint. */
const LONGEST_UNSAVED_MS = 10 * 60_000;

/** Writes the `last` checkpoint, unless this step has one. */
export async function* save(loop: LoopState): AsyncGenerator<RunFrame, void> {
  if (loop.savedAt === loop.done) return;
  yield phase('save', 0, 1);
  // The steps that a run goes on after from there are not told of again.
  await loop.log.sync();
  yield await loop.keeper.saveLast(progressOf(loop));
  loop.savedMs = performance.now();
  loop.savedAt = loop.done;
}

interface EvaluationOptions {
  /** Breaks it off: nothing of it is kept. */
  readonly until: AbortSignal;
  /** The run ends here on request, before its last step. */
  readonly isStop?: boolean;
  /** Set at the last evaluation: codes are forced too, until this says stop. */
  readonly causesUntil?: AbortSignal;
}

/** Held-out figures of the step, and the `best` checkpoint where they are better than before. False where it was broken off. */
export async function* evaluate(
  loop: LoopState,
  programs: StagePrograms,
  { until, isStop = false, causesUntil }: EvaluationOptions,
): AsyncGenerator<RunFrame, boolean> {
  const { run, done } = loop;
  const pairs = yield* measureHeldOut(run, loop.references, programs, until);
  if (pairs === null) return false;
  loop.measured = pairs;
  loop.measuredAt = done;
  const measured = evaluationFrame(done, loop.measured, run.config, run.originOf);
  if (measured === null) return true;
  const causes = causesUntil
    ? yield* measureCauses(run, loop.references, programs, ofPairs(loop.measured), done, causesUntil)
    : null;
  if (causes !== null) yield causes;
  const frame = causes === null ? measured : { ...measured, causalRecovery: causes.causes?.recovery ?? null };
  yield frame;
  yield* loop.doctor.afterEvaluation(frame);
  // A stop's own evaluation takes no earlier best's place: a run that goes on would know nothing of it.
  const counts = !isStop || loop.best === null;
  const isBest = counts && isBetter(run.config.bestBy, frame, loop.best);
  // Before the checkpoint that they belong to is told of.
  const results = pairResults(loop.measured);
  await loop.keeper.keepPriors(done, loop.measured);
  await loop.keeper.keepResults(done, results, isBest ? done : (loop.best?.step ?? null));
  if (isBest) {
    const saved = await loop.keeper.saveBest(done);
    loop.best = { step: done, accuracy: frame.accuracy, loss: frame.loss, folder: basename(saved.path) };
    loop.sinceBest = 0;
    yield saved;
    return true;
  }
  // While the backbone still rests, a standstill of the heads is no reason to end.
  const isFinalStage = programs.stage === 'all' || backboneStart(run.config) >= run.config.steps;
  if (isFinalStage) loop.sinceBest += 1;
  return true;
}

/** Gives dead codes the values of living ones, where it is their turn. */
export async function* reseed(loop: LoopState): AsyncGenerator<RunFrame, void> {
  const { run, done, mass } = loop;
  const { latent, seed, steps } = run.config;
  if (!latent || !mass || done % latent.reseedDeadEvery !== 0 || done >= steps) return;
  const plan = planReseeding(mass, seed, done);
  loop.mass = noMass(latent.codes);
  if (plan.length === 0) return;
  const specs = trainableSpecs(parameterGroups(run.config, run.model.config));
  await applyReseeding(run.engine, specs, latent, plan, { seed, step: done });
  yield phase('train', done, steps, reseedingNote(done, plan));
}

/** What is due after a step that is not the last: an evaluation with its checkpoint, or a checkpoint that is overdue. */
export async function* pauseForMilestones(
  loop: LoopState,
  programs: StagePrograms,
  until: AbortSignal,
): AsyncGenerator<RunFrame, void> {
  const { evaluateEvery, steps } = loop.run.config;
  if (loop.done >= steps) return;
  if (evaluateEvery > 0 && loop.done % evaluateEvery === 0) {
    loop.evaluationDue = true;
    loop.evaluationDue = !(yield* evaluate(loop, programs, { until }));
    yield* save(loop);
  } else if (performance.now() - loop.savedMs > LONGEST_UNSAVED_MS) yield* save(loop);
}
