/** What no single setting can see: rules between settings, the same for the form, the shell and the compute process. */
import { CHAT_TEMPLATES, isChatTemplateName, isTemplateText } from './chatTemplates.ts';
import { learnsFromSingles, nllWeightOf, OBJECTIVE_FACTS, tailWeightOf } from './methods.ts';
import { FacetError, type Failure, type Suggestion } from './result.ts';
import { DEFAULT_RUN, type RunConfig } from './runConfig.ts';

/** A broken rule: the setting where it is mended, and the value that would mend it. */
export interface BrokenRule extends Failure {
  readonly fix: string;
  readonly where: { readonly field: string };
  readonly suggestion: Suggestion;
}

/** What of the model a rule may read; null where it isn't known yet. */
export type RuleModel = { readonly layers: number; readonly chatTemplate: boolean } | null;

type Rule = (config: RunConfig, model: RuleModel) => BrokenRule | null;

const headsWithoutLatent: Rule = ({ latent, trainable }) =>
  latent !== null || trainable !== 'heads'
    ? null
    : {
        code: 'config.nothing-to-train',
        message: 'Without a latent there are no heads, so training heads alone would train nothing.',
        fix: 'Turn LPC on, or train LoRA or the full model.',
        where: { field: 'trainable' },
        suggestion: { field: 'trainable', value: 'lora', label: 'LoRA' },
      };

const trainedInFewBits: Rule = ({ trainable, weights }) =>
  trainable !== 'full' || weights === 'as-stored'
    ? null
    : {
        code: 'config.trained-weights',
        message: 'Weights in 4 or 8 bits stay as they are: a full run would have nothing to train.',
        fix: 'Train LoRA or heads over them, or take weights as they are stored.',
        where: { field: 'weights' },
        suggestion: { field: 'weights', value: 'as-stored', label: 'as stored' },
      };

const unknownTemplate: Rule = ({ chatTemplate }) =>
  chatTemplate === null || isChatTemplateName(chatTemplate) || isTemplateText(chatTemplate)
    ? null
    : {
        code: 'config.chat-template',
        message: `“${chatTemplate.slice(0, 40)}” is neither a chat template’s name nor Jinja.`,
        fix: `Choose one of ${CHAT_TEMPLATES.join(', ')}, or give a template’s own text.`,
        where: { field: 'chatTemplate' },
        suggestion: { field: 'chatTemplate', value: 'chatml', label: 'chatml' },
      };

const adapterWithoutLayers: Rule = ({ loraTargets, trainable }) =>
  trainable !== 'lora' || loraTargets.length > 0
    ? null
    : {
        code: 'config.nothing-to-train',
        message: 'LoRA has no layers to adapt.',
        fix: 'Choose at least one of LoRA’s layers.',
        where: { field: 'loraTargets' },
        suggestion: { field: 'loraTargets', value: DEFAULT_RUN.loraTargets.join(','), label: 'all layers' },
      };

const stoppingWithoutEvaluations: Rule = ({ earlyStoppingPatience, evaluateEvery, steps }) => {
  if (earlyStoppingPatience === 0 || evaluateEvery > 0) return null;
  const every = Math.max(1, Math.round(steps / 10));
  return {
    code: 'config.no-evaluations',
    message: 'Early stopping counts evaluations, but this run evaluates only at its end.',
    fix: 'Evaluate every so many steps, or turn early stopping off.',
    where: { field: 'earlyStoppingPatience' },
    suggestion: { field: 'evaluateEvery', value: every, label: `an evaluation every ${every} steps` },
  };
};

const stoppingWithoutHeldOut: Rule = ({ earlyStoppingPatience, heldOutShare }) =>
  earlyStoppingPatience === 0 || heldOutShare > 0
    ? null
    : {
        code: 'config.nothing-held-out',
        message: 'Early stopping watches held-out pairs, but this run holds none out.',
        fix: 'Hold a share of the prompts out, or turn early stopping off.',
        where: { field: 'earlyStoppingPatience' },
        suggestion: {
          field: 'heldOutShare',
          value: DEFAULT_RUN.heldOutShare,
          label: `a held-out share of ${DEFAULT_RUN.heldOutShare}`,
        },
      };

const injectionBelowTheModel: Rule = ({ latent }, model) =>
  model === null || latent?.injection !== 'layers' || latent.injectionLayers <= model.layers
    ? null
    : {
        code: 'config.injection-layers',
        message: `z can't be added before the last ${latent.injectionLayers} blocks: the model has ${model.layers}.`,
        fix: `Choose 1 to ${model.layers} blocks.`,
        where: { field: 'latent.injectionLayers' },
        suggestion: {
          field: 'latent.injectionLayers',
          value: model.layers,
          label: `all ${model.layers} blocks`,
        },
      };

const warmStartWithoutDirections: Rule = ({ latent }) => {
  if (!latent?.warmStart || latent.kind !== 'codebook' || latent.injection !== 'head') return null;
  const directions = ['promptDirections', 'codeDirections'] as const;
  const missing = directions.find((name) => latent[name] === 0);
  if (missing === undefined && latent.priorNetwork === 'linear') return null;
  const broken = {
    code: 'config.warm-start',
    message:
      'A warm start fits a linear prior and codes in chosen directions; this run has another prior or no directions.',
    fix: 'Choose a linear prior and directions for prompts and codes, or turn the warm start off.',
  };
  return missing === undefined
    ? {
        ...broken,
        where: { field: 'latent.priorNetwork' },
        suggestion: { field: 'latent.priorNetwork', value: 'linear', label: 'a linear prior' },
      }
    : {
        ...broken,
        where: { field: `latent.${missing}` },
        suggestion: { field: `latent.${missing}`, value: 64, label: '64 directions' },
      };
};

const robustToHalf: Rule = ({ objective, labelSmoothing }) =>
  objective !== 'robust-dpo' || labelSmoothing < 0.5
    ? null
    : {
        code: 'config.half-wrong',
        message:
          'Robust DPO divides by 1 − 2ε: with half of the labels wrong nothing can be learnt from them.',
        fix: 'Say a smaller share of wrong labels.',
        where: { field: 'labelSmoothing' },
        suggestion: { field: 'labelSmoothing', value: 0.1, label: 'ε 0.1' },
      };

const likelihoodOfWeighedTokens: Rule = (config) =>
  tailWeightOf(config) === null || nllWeightOf(config) === 0
    ? null
    : {
        code: 'config.nll-weighed',
        message:
          'LD-DPO counts the later tokens of a longer reply for less, so that its log-probability is no likelihood that an NLL term could raise.',
        fix: 'Leave the NLL term out, or take length-normalised DPO, which has room for one.',
        where: { field: 'nllWeight' },
        suggestion: { field: 'nllWeight', value: 0, label: 'no NLL term' },
      };

const likelihoodOfSingles: Rule = (config) =>
  !learnsFromSingles(config) || nllWeightOf(config) === 0
    ? null
    : {
        code: 'config.nll-of-singles',
        message: `${OBJECTIVE_FACTS[config.objective].name} weighs each reply by its own label, and has no term for the likelihood of a chosen one.`,
        fix: 'Leave the NLL term out, or take an objective that compares the replies of a pair.',
        where: { field: 'nllWeight' },
        suggestion: { field: 'nllWeight', value: 0, label: 'no NLL term' },
      };

const nothingWeighed: Rule = (config) =>
  !learnsFromSingles(config) || config.desirableWeight + config.undesirableWeight > 0
    ? null
    : {
        code: 'config.nothing-weighed',
        message: 'With both weights at 0 no reply counts, and nothing is learnt.',
        fix: 'Give desirable or undesirable replies a weight above 0.',
        where: { field: 'desirableWeight' },
        suggestion: { field: 'desirableWeight', value: 1, label: 'a weight of 1' },
      };

const twoSizesOfStep: Rule = ({ accumulation, batchPairs }) =>
  batchPairs === null || accumulation === 1
    ? null
    : {
        code: 'config.two-sizes-of-step',
        message: `A step can't be both ${accumulation} rows and ${batchPairs} pairs: the rows of a step follow from its pairs.`,
        fix: 'Set accumulation to 1, or leave the pairs of a step open.',
        where: { field: 'accumulation' },
        suggestion: { field: 'accumulation', value: 1, label: 'accumulation 1' },
      };

const RULES: readonly Rule[] = [
  twoSizesOfStep,
  likelihoodOfSingles,
  nothingWeighed,
  robustToHalf,
  likelihoodOfWeighedTokens,
  warmStartWithoutDirections,
  headsWithoutLatent,
  trainedInFewBits,
  unknownTemplate,
  adapterWithoutLayers,
  stoppingWithoutEvaluations,
  stoppingWithoutHeldOut,
  injectionBelowTheModel,
];

/** Every rule that settings break, at most one a field. */
export function brokenRules(config: RunConfig, model: RuleModel = null): BrokenRule[] {
  const broken = RULES.flatMap((rule) => rule(config, model) ?? []);
  return broken.filter(
    (one, at) => broken.findIndex((other) => other.where.field === one.where.field) === at,
  );
}

/** Throws the first broken rule, `config.…`, before anything is loaded or written. */
export function requireRules(config: RunConfig, model: RuleModel = null): void {
  const [broken] = brokenRules(config, model);
  if (broken) throw new FacetError(broken);
}
