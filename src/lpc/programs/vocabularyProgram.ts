/** What each code adds to the logits of the vocabulary, W_U e_k, where z enters at the head. */
import type { Program, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { codebookOf, lookupIn } from '../method/heads.ts';
import { type ProgramOptions, policyReads } from './policy.ts';

/** No inputs. Output `shift` (K, V): logits less their mean, which softmax does not see. */
export function vocabularyProgram(options: ProgramOptions, latent: LatentConfig): Program {
  const reads = policyReads({ ...options, hiddenStatesFrom: 'inputs' });
  return {
    name: 'vocabulary',
    inputs: {},
    state: reads.state,
    constants: reads.constants,
    build({ state, constants }) {
      const weight = lookupIn(state, constants);
      const codebook = codebookOf(latent, weight);
      const shift = tf.matMul(codebook, weight(lmHeadName(options.backbone)), false, true) as Tensor;
      return { outputs: { shift: tf.sub(shift, tf.mean(shift, 1, true)) } };
    },
  };
}
