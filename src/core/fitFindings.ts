/** What the doctor says of how a run fits: pairs it has seen beside pairs it has not, and how long the backbone trained. */
import type { RunConfig } from './runConfig.ts';
import type { EvaluationFrame, StepFrame } from './runFrames.ts';
import { mean } from './statistics.ts';
import type { Finding, RunHistory } from './warnings.ts';

/** Nats that an untrained policy's held-out loss is not told from, with a few hundred pairs. */
const LOSS_TOLERANCE = 0.02;
/** A held-out loss that has risen by this since its best, while training pairs are that much better known, is overfitting. */
const OVERFIT_RISE = 0.05;
const OVERFIT_GAP = 0.1;

const nats = (value: number): string => value.toFixed(3);
const latest = ({ evaluations }: RunHistory): EvaluationFrame | undefined => evaluations.at(-1);
const bestOf = (evaluations: readonly EvaluationFrame[]): EvaluationFrame | undefined =>
  evaluations.reduce<EvaluationFrame | undefined>(
    (best, one) => (best === undefined || one.loss < best.loss ? one : best),
    undefined,
  );

/** A plain preference loss of a step; the sum of all terms in runs that did not keep it apart. */
const preferenceOf = ({ preferenceLoss, loss }: StepFrame): number => preferenceLoss ?? loss;

/** DPO's loss alone is known of an untrained policy, where the reference is the model that trains: ln 2. */
export const beginsAtLn2 = ({ objective, referenceModel }: RunConfig): boolean =>
  objective === 'dpo' && referenceModel === null;

export function worseThanUntrained(history: RunHistory): Finding | null {
  const evaluation = latest(history);
  const { config } = history;
  if (!evaluation || !beginsAtLn2(config) || evaluation.step < config.steps / 2) return null;
  // Not above it, or not measured.
  if (!(evaluation.loss > Math.LN2 + LOSS_TOLERANCE)) return null;
  const best = bestOf(history.evaluations);
  const wasBetter = best !== undefined && best !== evaluation && best.loss < Math.LN2;
  return {
    code: 'worse-than-untrained',
    message: `The held-out loss is ${nats(evaluation.loss)}, above the ln 2 = ${nats(Math.LN2)} of a policy that was not trained: surer where it is wrong than right where it is sure.`,
    fix: wasBetter
      ? `Stop where it was best, at step ${best.step} (${nats(best.loss)}).`
      : `Lower the ${config.trainable === 'heads' ? 'rate of the heads' : 'learning rate'} to a third.`,
    suggestion: wasBetter ? stepsUntil(best.step) : lowerRate(config),
  };
}

const stepsUntil = (step: number) => ({ field: 'steps', value: step, label: `${step} steps` });
function lowerRate({ trainable, learningRate, headsLearningRate }: RunConfig) {
  const [field, rate] =
    trainable === 'heads'
      ? (['headsLearningRate', headsLearningRate] as const)
      : (['learningRate', learningRate] as const);
  const value = Number((rate / 3).toPrecision(2));
  return { field, value, label: `a rate of ${value}` };
}

/** Training pairs get better, held-out pairs worse. */
export function overfitting(history: RunHistory): Finding | null {
  const evaluation = latest(history);
  const best = bestOf(history.evaluations);
  if (!evaluation || !best || best.step >= evaluation.step || history.steps.length === 0) return null;
  // No step to go back to: at its best the policy was no better than an untrained one.
  if (beginsAtLn2(history.config) && best.loss >= Math.LN2) return null;
  const training = mean(history.steps.map(preferenceOf));
  if (evaluation.loss - best.loss < OVERFIT_RISE || evaluation.loss - training < OVERFIT_GAP) return null;
  return {
    code: 'overfitting',
    message: `Overfitting: the held-out loss rose from ${nats(best.loss)} at step ${best.step} to ${nats(evaluation.loss)}, while the loss on training pairs is ${nats(training)}.`,
    fix: `Train for ${best.step} steps.`,
    suggestion: stepsUntil(best.step),
  };
}

/** Steps in which the backbone trains. */
export function backboneSteps({ trainable, latent, headsFirst, steps }: RunConfig): number {
  if (trainable === 'heads') return 0;
  return latent === null ? steps : steps - Math.round(headsFirst * steps);
}

/** Where two runs train the backbone for different lengths, their difference is not the method's alone: in words, else null. */
export function unevenBackbones(
  own: { readonly name: string; readonly config: RunConfig },
  other: { readonly name: string; readonly config: RunConfig },
): string | null {
  const [mine, theirs] = [backboneSteps(own.config), backboneSteps(other.config)];
  if (mine === theirs) return null;
  const [less, more] = mine < theirs ? [own, other] : [other, own];
  const [fewer, steps] = [Math.min(mine, theirs), Math.max(mine, theirs)];
  return fewer === 0
    ? `${less.name} trains its heads alone, ${more.name} the backbone for ${steps} steps: what they differ by is not the method’s alone.`
    : `${less.name} trains the backbone for ${fewer} steps, ${more.name} for ${steps}: what they differ by is not the method’s alone.`;
}
