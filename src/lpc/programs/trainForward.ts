/** Loss of one row in training, and what is reported with it. */
import type { NamedSpecs, NamedTensors, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { learnsFromSingles } from '#core/methods.ts';
import type { Lookup } from '../method/heads.ts';
import { batchEntropy } from '../method/latent.ts';
import { klCost, trainingLatent, trainingLatentInputs } from '../method/latentModel.ts';
import { dropoutInputs } from './loraDropout.ts';
import { type ProgramOptions, policyHiddenStates, rowInputsOf } from './policy.ts';
import { membershipOf, referenceInputs, scoreReplies } from './replyScores.ts';
import type { RowHiddenStates } from './rowInputs.ts';

export const SCALAR: TensorSpec = { shape: [], dtype: 'float32' };

/**
 * Inputs of a row in training: the row, `referenceInputs`, `pairsInStep` (pairs of all rows of the step, by which its losses are divided)
 * and, where each reply is an example of its own, `examplesInStep`, the latent's noise and schedule, and dropout's noise where adapters
 * train with it.
 */
export function trainRowInputs(options: ProgramOptions): NamedSpecs {
  const { shape, config, backbone, stage } = options;
  const dropsOut = stage === 'all' && config.trainable === 'lora' && config.loraDropout > 0;
  return {
    ...rowInputsOf(options),
    ...referenceInputs(options),
    pairsInStep: SCALAR,
    ...(learnsFromSingles(config) && { examplesInStep: SCALAR }),
    ...(config.latent && trainingLatentInputs(config.latent, shape.pairs, backbone.hiddenSize)),
    ...(dropsOut && dropoutInputs(options)),
  };
}

interface Forward {
  readonly objective: Tensor;
  /** Reported beside the loss; not differentiated. */
  readonly outputs: Record<string, Tensor>;
}

function forward(
  options: ProgramOptions,
  weight: Lookup,
  states: RowHiddenStates,
  inputs: NamedTensors,
): Forward {
  const { config } = options;
  const { latent } = config;
  const membership = membershipOf(options, inputs);
  const share = tf.div(inputs.pairWeight as Tensor, inputs.pairsInStep as Tensor); // (P), sums to 1 over the step
  const terms: Tensor[] = [];
  const outputs: Record<string, Tensor> = {};
  const drawn = latent ? trainingLatent(latent, weight, states, inputs) : null;
  const scores = scoreReplies(options, weight, states, drawn?.z ?? null, inputs, membership);
  const counted = inputs.examplesInStep ? tf.div(inputs.pairWeight as Tensor, inputs.examplesInStep) : share;
  const preference = tf.sum(tf.mul(scores.loss, counted));
  terms.push(preference);
  outputs.preferenceLoss = preference;
  if (latent && drawn?.kl) {
    outputs.klLoss = tf.mul(klCost(drawn.kl, share, latent.freeBits), inputs.klWeight as Tensor);
    terms.push(outputs.klLoss);
    outputs.kl = tf.sum(tf.mul(drawn.kl, share));
  }
  if (latent && drawn?.prior) {
    outputs.prior = tf.softmax(drawn.prior);
    if (latent.batchEntropyBonus > 0) {
      // The bonus is of one row; rows of a step count by their pairs.
      const pairs = tf.maximum(tf.sum(inputs.pairWeight as Tensor), 1);
      const entropy = batchEntropy(drawn.prior, tf.div(inputs.pairWeight as Tensor, pairs));
      outputs.bonusLoss = tf.mul(tf.mul(entropy, tf.sum(share)), -latent.batchEntropyBonus);
      terms.push(outputs.bonusLoss);
    }
  }
  return {
    objective: terms.reduce((sum, term) => tf.add(sum, term)),
    outputs: { ...outputs, logps: scores.logps, margin: scores.margin, rewards: scores.rewards },
  };
}

export interface RowGradients {
  /** The row's part of the step's loss, []. */
  readonly loss: Tensor;
  readonly gradients: Record<string, Tensor>;
  readonly outputs: Record<string, Tensor>;
}

/**
 * Loss of a row and its gradients by name. Outputs: `logps`, `rewards` (P, 2), `margin` (P), the terms of the loss `preferenceLoss`, `klLoss` and
 * `bonusLoss` [], with a posterior `kl` [] and with a codebook `prior` (P, K). Slots with pairWeight 0 carry no meaning. What rests is computed outside the tape.
 */
export function rowGradients(
  options: ProgramOptions,
  trained: readonly string[],
  lookup: (current: NamedTensors) => Lookup,
  state: NamedTensors,
  inputs: NamedTensors,
): RowGradients {
  const resting = options.stage === 'heads' ? policyHiddenStates(options, lookup({}), inputs) : null;
  let outputs: Record<string, Tensor> = {};
  const lossOf = (...values: Tensor[]): Tensor => {
    const weight = lookup(Object.fromEntries(trained.map((name, index) => [name, values[index] as Tensor])));
    const result = forward(options, weight, resting ?? policyHiddenStates(options, weight, inputs), inputs);
    // The tape's scope would free what it doesn't return.
    outputs = Object.fromEntries(
      Object.entries(result.outputs).map(([name, value]) => [name, tf.keep(value)]),
    );
    return result.objective;
  };
  const { value, grads } = tf.valueAndGrads(lossOf as never)(trained.map((name) => state[name] as Tensor));
  const gradients = Object.fromEntries(trained.map((name, index) => [name, grads[index] as Tensor]));
  return { loss: value, gradients, outputs };
}
