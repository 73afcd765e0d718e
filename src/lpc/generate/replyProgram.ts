/** A reply that is given, read in one pass: what the policy makes of each of its tokens. */
import type { NamedTensors, Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { attend, attentionPlans } from '../backbone/attention.ts';
import { blocksWith } from '../backbone/llama.ts';
import { targetLogProbabilities } from '../backbone/logProbabilities.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { lookupIn } from '../method/heads.ts';
import { backboneInputs } from '../programs/rowInputs.ts';
import {
  adapterOf,
  backboneNames,
  float,
  type GenerationOptions,
  headNames,
  int,
  throughBlocks,
} from './programs.ts';

export interface ReplyShape {
  /** T, prompt and reply. */
  readonly tokens: number;
  /** R, of the reply. */
  readonly replies: number;
}

/**
 * Inputs: a row of T tokens that holds prompt and reply and then padding, `responseRows` and `targets` (R), with a latent `z`
 * (1, d). Output `logps` (R): log π(y_t|x, y_<t, z), nats.
 */
export function replyProgram(options: GenerationOptions, { tokens, replies }: ReplyShape): Program {
  const { backbone, run } = options;
  const hasLatent = run?.latent != null;
  return {
    name: `reply-${tokens}x${replies}`,
    inputs: {
      ...backboneInputs({ tokens, responses: replies, pairs: 1 }),
      responseRows: int(replies),
      targets: int(replies),
      ...(hasLatent && { z: float(1, backbone.hiddenSize) }),
    },
    state: [],
    constants: [...backboneNames(options), ...headNames(options)],
    build({ inputs, constants }) {
      const weight = lookupIn(constants);
      const row = inputs as NamedTensors & { positions: Tensor; pairOf: Tensor; branch: Tensor };
      const planOf = attentionPlans(row, backbone);
      const blocks = blocksWith(
        backbone,
        { weight, adapter: adapterOf(options, weight) },
        row.positions,
        (layer, q, k, v) => attend(q, k, v, planOf(layer)),
      );
      const z = (inputs.z as Tensor | undefined) ?? null;
      const { hidden, atHead } = throughBlocks(options, weight, blocks, inputs.tokens as Tensor, z);
      const read = tf.gather(hidden, inputs.responseRows as import('@tensorflow/tfjs').Tensor1D);
      const logps = targetLogProbabilities(
        atHead ? tf.add(read, atHead) : read,
        weight(lmHeadName(backbone)),
        inputs.targets as Tensor,
        { weightTrained: false },
      );
      return { outputs: { logps } };
    },
  };
}
