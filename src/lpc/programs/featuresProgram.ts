/** Features of replies, by which z at the LM head is a linear reward as long as it is small. */
import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { shiftedTargetLogProbabilities } from '../backbone/logProbabilities.ts';
import { lmHeadName, weightSpecs } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyHiddenStates, programName, rowInputsOf } from './policy.ts';
import { responseMembership } from './rowInputs.ts';

/**
 * a(y) = ∂ log π(y|x, z)/∂z at z = 0 = Σ_t (W[y_t] − E_{p_t} W), so that log π(y|x, z) ≈ log π(y|x) + a(y)·z. W (V, d) is
 * the LM head, p_t the backbone's distribution. Input: the row, or its hidden states. Outputs `features.prompt` h_x,
 * `features.chosen` and `features.rejected` a(y), (P, d) each; not per token.
 */
export function featuresProgram(options: ProgramOptions): Program {
  const { shape, backbone, hiddenStatesFrom } = options;
  const head = lmHeadName(backbone);
  const names = hiddenStatesFrom === 'inputs' ? [head] : Object.keys(weightSpecs(backbone));
  return {
    name: programName('features', options),
    inputs: rowInputsOf(options),
    state: options.weightsIn === 'state' ? names : [],
    constants: options.weightsIn === 'state' ? [] : names,
    build({ inputs, state, constants }) {
      const weight = lookupIn(state, constants);
      const states = policyHiddenStates({ ...options, stage: 'heads' }, weight, inputs);
      const { sequences } = responseMembership(inputs, shape);
      const total = (shift: Tensor): Tensor =>
        tf.sum(
          shiftedTargetLogProbabilities(
            { states: states.responses as Tensor, shift, membership: sequences },
            weight(head),
            inputs.targets as Tensor,
          ),
        );
      const bySequence = (tf.grad(total as never) as unknown as (shift: Tensor) => Tensor)(
        tf.zeros([2 * shape.pairs, backbone.hiddenSize]),
      );
      const byReply = tf.reshape(bySequence, [shape.pairs, 2, backbone.hiddenSize]);
      const side = (index: number): Tensor =>
        tf.reshape(tf.slice(byReply as never, [0, index, 0], [-1, 1, -1]), [shape.pairs, -1]);
      return {
        outputs: {
          'features.prompt': states.prompt,
          'features.chosen': side(0),
          'features.rejected': side(1),
        },
      };
    },
  };
}
