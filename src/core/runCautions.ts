/** Settings that are allowed and most likely not meant: said beside the field, before the run. */
import { codesOf, hasPosterior, OBJECTIVE_FACTS } from './methods.ts';
import type { Suggestion } from './result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';
import type { RuleModel } from './runRules.ts';

export interface Caution {
  /** As in a suggestion: `latent.klWeight`. */
  readonly field: string;
  readonly message: string;
  readonly suggestion: Suggestion;
}
type Rule = (config: RunConfig, model: RuleModel) => Caution | null;

const use = (field: string, value: number | string, label: string): Suggestion => ({ field, value, label });

/** A number beyond what any run was seen to profit from. */
function beyond(
  field: string,
  value: number | null | undefined,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, usual, why }: Bounds,
): Caution | null {
  if (value === null || value === undefined || (value >= least && value <= most)) return null;
  return {
    field,
    message: `${value > most ? `More than ${most}` : `Less than ${least}`} is far from usual: ${why}`,
    suggestion: use(field, usual, String(usual)),
  };
}
interface Bounds {
  readonly least?: number;
  readonly most?: number;
  readonly usual: number;
  readonly why: string;
}

const BREAKS = 'steps this large break training.';

const RULES: readonly Rule[] = [
  ({ trainable, learningRate }) =>
    trainable === 'heads'
      ? null
      : beyond('learningRate', learningRate, { most: 0.01, usual: DEFAULT_RUN.learningRate, why: BREAKS }),
  ({ latent, headsLearningRate }) =>
    latent === null
      ? null
      : beyond('headsLearningRate', headsLearningRate, {
          most: 0.3,
          usual: DEFAULT_RUN.headsLearningRate,
          why: BREAKS,
        }),
  (config) =>
    hasPosterior(config)
      ? beyond('latent.klWeight', config.latent?.klWeight, {
          most: 10,
          usual: DEFAULT_LATENT.klWeight,
          why: 'the KL outweighs the labels, and posterior and prior fall together.',
        })
      : null,
  (config) =>
    codesOf(config) === null
      ? null
      : beyond('latent.batchEntropyBonus', config.latent?.batchEntropyBonus, {
          most: 10,
          usual: DEFAULT_LATENT.batchEntropyBonus,
          why: 'even use of the codes outweighs the labels.',
        }),
  ({ objective, beta }) =>
    beyond('beta', beta, {
      least: 0.001,
      most: 10,
      usual: OBJECTIVE_FACTS[objective].usualBeta,
      why: 'the policy then hardly moves, or leaves the reference behind.',
    }),
  ({ objective, labelSmoothing }) =>
    objective === 'robust-dpo' && labelSmoothing === 0
      ? {
          field: 'labelSmoothing',
          message: 'With no label taken to be wrong, robust DPO is plain DPO.',
          suggestion: use('labelSmoothing', 0.1, '0.1'),
        }
      : null,
  ({ weightDecay }) =>
    beyond('weightDecay', weightDecay, {
      most: 1,
      usual: DEFAULT_RUN.weightDecay,
      why: 'weights shrink faster than they learn.',
    }),
  ({ heldOutShare }) =>
    heldOutShare > 0
      ? beyond('heldOutShare', heldOutShare, {
          most: 0.5,
          usual: DEFAULT_RUN.heldOutShare,
          why: 'fewer pairs are trained on than measured on.',
        })
      : {
          field: 'heldOutShare',
          message:
            'Nothing is held out: no accuracy, no best checkpoint, and nothing says what was only learnt by heart.',
          suggestion: use('heldOutShare', DEFAULT_RUN.heldOutShare, String(DEFAULT_RUN.heldOutShare)),
        },
  ({ accumulation }) =>
    beyond('accumulation', accumulation, {
      most: 256,
      usual: DEFAULT_RUN.accumulation,
      why: 'a single step takes that many rows, and hardly any step is taken.',
    }),
  ({ steps, warmupSteps, epochs }) =>
    epochs !== null || warmupSteps <= steps / 2
      ? null
      : {
          field: 'warmupSteps',
          message: `The rate is still rising for more than half of the ${steps} steps.`,
          suggestion: use('warmupSteps', Math.round(steps / 10), `${Math.round(steps / 10)} steps`),
        },
  ({ chatTemplate }, model) =>
    model === null || model.chatTemplate || chatTemplate !== null
      ? null
      : {
          field: 'chatTemplate',
          message:
            'This model brings no chat template: dialogues are written plainly, as “User: …” and “Assistant: …”, which exports don’t say unless it is chosen.',
          suggestion: use('chatTemplate', 'plain', 'plain'),
        },
];

/** Every setting that is most likely not meant; of the model, where it is known. */
export const runCautions = (config: RunConfig, model: RuleModel = null): Caution[] =>
  RULES.flatMap((rule) => rule(config, model) ?? []);
