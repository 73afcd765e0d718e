/** Language modelling over packed text: one training step, and the loss alone. */
import type { NamedSpecs, NamedTensors, Program, Tensor, TensorSpec } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { backboneHidden } from '../backbone/llama.ts';
import { targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { lmHeadName, weightNames } from '../backbone/weightNames.ts';
import { adamwStep, firstMoment, secondMoment } from '../optimiser/adamw.ts';
import { textRowSpecs } from './textRows.ts';

export interface PretrainOptions {
  readonly backbone: BackboneConfig;
  readonly rowTokens: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
}

const scalar: TensorSpec = { shape: [], dtype: 'float32' };
const rates: NamedSpecs = { learningRate: scalar, biasCorrection1: scalar, biasCorrection2: scalar };

/** Mean −log p of the next token over a row's weighted targets, shape []. */
function rowLoss(backbone: BackboneConfig, weight: (name: string) => Tensor, row: NamedTensors): Tensor {
  const hidden = backboneHidden(backbone, weight, {
    tokens: row.tokens!,
    positions: row.positions!,
    pairOf: row.pairOf!,
    branch: row.branch!,
  });
  const logps = targetLogProbabilities(hidden, weight(lmHeadName(backbone)), row.targets!);
  const weights = row.targetWeight!;
  return tf.neg(tf.div(tf.sum(tf.mul(logps, weights)), tf.maximum(tf.sum(weights), 1)));
}

/** Weights and moments are state under their names. Outputs: `loss` [] and `gradNorm` [] before the step. */
export function pretrainProgram(options: PretrainOptions): Program {
  const names = weightNames(options.backbone);
  return {
    name: `pretrain-${options.rowTokens}`,
    inputs: { ...textRowSpecs(options.rowTokens), ...rates },
    state: names.flatMap((name) => [name, firstMoment(name), secondMoment(name)]),
    constants: [],
    build({ inputs, state }) {
      const lossOf = (...values: Tensor[]): Tensor => {
        const current = new Map(names.map((name, index) => [name, values[index]!]));
        return rowLoss(options.backbone, (name) => current.get(name)!, inputs);
      };
      const { value, grads } = tf.valueAndGrads(lossOf as never)(names.map((name) => state[name]!));
      const step = adamwStep({
        parameters: names,
        state: (name) => state[name]!,
        gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]!])),
        ratesOf: () => ({
          learningRate: inputs.learningRate!,
          biasCorrection1: inputs.biasCorrection1!,
          biasCorrection2: inputs.biasCorrection2!,
        }),
        weightDecay: options.weightDecay,
        decays: (name) => name.endsWith('_proj.weight'),
        clipNorm: options.clipNorm,
      });
      return { outputs: { loss: value, gradNorm: step.gradNorm }, state: step.state };
    },
  };
}

/** Output: `loss` [] of a row. Weights are read from state or constants. */
export function textLossProgram(
  backbone: BackboneConfig,
  rowTokens: number,
  weightsIn: 'state' | 'constants',
): Program {
  const names = weightNames(backbone);
  return {
    name: `text-loss-${rowTokens}`,
    inputs: textRowSpecs(rowTokens),
    state: weightsIn === 'state' ? names : [],
    constants: weightsIn === 'constants' ? names : [],
    build({ inputs, state, constants }) {
      const weights = weightsIn === 'state' ? state : constants;
      return { outputs: { loss: rowLoss(backbone, (name) => weights[name]!, inputs) } };
    },
  };
}
