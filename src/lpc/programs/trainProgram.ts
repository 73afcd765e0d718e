/** One training step as a program: forward, gradients, clipping, AdamW. */
import type { NamedSpecs, NamedTensors, Program, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { type Lookup, lookupIn, posteriorLogits, priorLogits } from '../method/heads.ts';
import { batchEntropy, gumbelSoftmax, klDivergence, latentVector, mixCodes } from '../method/latent.ts';
import { scorePairs } from '../method/objectives.ts';
import { adamwStep, firstMoment, secondMoment } from '../optimiser/adamw.ts';
import {
  type ProgramOptions,
  parameterGroups,
  policyReads,
  policyStates,
  programName,
  replyLogProbabilities,
  rowInputsOf,
  trainedIn,
} from './policy.ts';
import { type RowStates, responseMembership } from './rowInputs.ts';

const scalar: TensorSpec = { shape: [], dtype: 'float32' };

function inputsOf(options: ProgramOptions): NamedSpecs {
  const { shape, config } = options;
  const noise: TensorSpec = { shape: [shape.pairs, config.latent?.codes ?? 0], dtype: 'float32' };
  return {
    ...rowInputsOf(options),
    reference: { shape: [shape.pairs, 2], dtype: 'float32' },
    learningRate: scalar,
    biasCorrection1: scalar,
    biasCorrection2: scalar,
    ...(config.latent && {
      headsLearningRate: scalar,
      headsBiasCorrection1: scalar,
      headsBiasCorrection2: scalar,
      g: scalar,
      gumbelPrior: noise,
      gumbelPosterior: noise,
    }),
  };
}

interface Forward {
  readonly objective: Tensor;
  /** Reported beside the loss; not differentiated. */
  readonly outputs: Record<string, Tensor>;
}

/** Loss of a row and what is reported with it; `states` are the backbone's for this row. */
function forward(options: ProgramOptions, weight: Lookup, states: RowStates, inputs: NamedTensors): Forward {
  const { config, shape } = options;
  const membership = responseMembership(inputs, shape);
  const pairWeight = inputs.pairWeight as Tensor;
  const share = tf.div(pairWeight, tf.maximum(tf.sum(pairWeight), 1)); // (P), sums to 1
  const latent = config.latent;
  let z: Tensor | null = null;
  let regulariser: Tensor | null = null;
  const latentOutputs: Record<string, Tensor> = {};
  if (latent) {
    const prior = priorLogits(weight, states.prompt);
    const posterior = posteriorLogits(weight, states.prompt, states.chosen, states.rejected);
    const mixture = mixCodes(
      gumbelSoftmax(prior, inputs.gumbelPrior as Tensor, latent.temperature),
      gumbelSoftmax(posterior, inputs.gumbelPosterior as Tensor, latent.temperature),
      inputs.g as Tensor,
    );
    z = latentVector(mixture, weight('codebook'));
    const kl = tf.sum(tf.mul(klDivergence(posterior, prior), share));
    regulariser = tf.mul(kl, latent.klWeight);
    if (latent.batchEntropyBonus > 0)
      regulariser = tf.sub(regulariser, tf.mul(batchEntropy(prior, share), latent.batchEntropyBonus));
    latentOutputs.kl = kl;
    latentOutputs.prior = tf.softmax(prior);
  }
  const logps = replyLogProbabilities(options, weight, states, z, inputs, membership);
  const scores = scorePairs(config, {
    logps,
    reference: inputs.reference as Tensor,
    lengths: membership.lengths,
  });
  const preference = tf.sum(tf.mul(scores.loss, share));
  const loss = regulariser ? tf.add(preference, regulariser) : preference;
  return {
    objective: loss,
    outputs: { ...latentOutputs, logps, margin: scores.margin, rewards: scores.rewards },
  };
}

/**
 * Inputs: the row, `reference` (P, 2), rates and bias corrections per group (scalars), and with a latent `g` and the
 * standard Gumbel noise of prior and posterior (P, K). Outputs: `loss` [], `gradNorm` [], `logps` (P, 2), `margin` (P),
 * `rewards` (P, 2), with a latent `kl` [] and `prior` (P, K). Slots with pairWeight 0 carry no meaning.
 */
export function trainProgram(options: ProgramOptions): Program {
  const groups = parameterGroups(options.config, options.backbone);
  const trained = Object.keys(trainedIn(options.stage, groups));
  const reads = policyReads(options);
  const moments = trained.flatMap((name) => [firstMoment(name), secondMoment(name)]);
  return {
    name: programName('train', options),
    inputs: inputsOf(options),
    state: [...new Set([...reads.state, ...moments])],
    constants: reads.constants,
    build({ inputs, state, constants }) {
      const frozenStates =
        options.stage === 'heads' ? policyStates(options, lookupIn(state, constants), inputs) : null;
      let reported: Record<string, Tensor> = {};
      const lossOf = (...values: Tensor[]): Tensor => {
        const current = Object.fromEntries(trained.map((name, index) => [name, values[index] as Tensor]));
        const weight = lookupIn(current, state, constants);
        const { objective, outputs } = forward(
          options,
          weight,
          frozenStates ?? policyStates(options, weight, inputs),
          inputs,
        );
        // The tape's scope would free what it doesn't return.
        reported = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, tf.keep(value)]));
        return objective;
      };
      const { value, grads } = tf.valueAndGrads(lossOf as never)(
        trained.map((name) => state[name] as Tensor),
      );
      const step = adamwStep({
        parameters: trained,
        state: (name) => state[name] as Tensor,
        gradients: Object.fromEntries(trained.map((name, index) => [name, grads[index] as Tensor])),
        ratesOf: (name) => ratesOf(name in groups.heads, inputs),
        weightDecay: options.config.weightDecay,
        decays: (name) => name !== 'codebook' && !name.endsWith('.bias') && !/norm\.weight$/.test(name),
        clipNorm: options.config.clipNorm,
      });
      return { outputs: { loss: value, gradNorm: step.gradNorm, ...reported }, state: step.state };
    },
  };
}

const ratesOf = (heads: boolean, inputs: NamedTensors) => ({
  learningRate: inputs[heads ? 'headsLearningRate' : 'learningRate'] as Tensor,
  biasCorrection1: inputs[heads ? 'headsBiasCorrection1' : 'biasCorrection1'] as Tensor,
  biasCorrection2: inputs[heads ? 'headsBiasCorrection2' : 'biasCorrection2'] as Tensor,
});
