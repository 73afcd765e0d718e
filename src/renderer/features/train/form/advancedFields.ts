/** The settings behind Advanced, in groups. */
import { LATENT_FACTS, LATENT_KINDS, OBJECTIVE_FACTS, OBJECTIVES } from '#core/methods.ts';
import { firstBeta } from '#core/presets.ts';
import { LORA_TARGETS } from '#core/runConfig.ts';
import type { Draft } from './draft.ts';
import { EVALUATION, MEMORY } from './evaluationFields.ts';
import { codebook, type Field, latent, posterior, readByObjective, readsPrompt, trains } from './fields.ts';

export interface FieldGroup {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** With codes that are drawn in training. */
const draws = (draft: Draft) => codebook(draft) && draft.texts['latent.gumbelNoise'] === 'true';
const atHead = (draft: Draft) => codebook(draft) && draft.texts['latent.injection'] === 'head';
const inDirections = (draft: Draft) => atHead(draft) && Number(draft.texts['latent.codeDirections']) > 0;
/** Where codes and prior are linear in what is read, so that they can be fitted before the first step. */
const fits = (draft: Draft) =>
  inDirections(draft) &&
  Number(draft.texts['latent.promptDirections']) > 0 &&
  draft.texts['latent.priorNetwork'] === 'linear';
const warm = (draft: Draft) => fits(draft) && draft.texts['latent.warmStart'] === 'true';

const OBJECTIVE: readonly Field[] = [
  {
    name: 'beta',
    label: 'β',
    help: `How far the policy may move: smaller moves further. Usual: ${OBJECTIVES.map((one) => `${OBJECTIVE_FACTS[one].usualBeta} for ${OBJECTIVE_FACTS[one].name}`).join(', ')}; for DPO with a warm start ${firstBeta('dpo', true)}.`,
  },
  {
    name: 'labelSmoothing',
    label: 'Label smoothing, ε',
    help: 'Share of labels taken to be wrong: hedged against (conservative), or reckoned out under robust DPO; 0 is the plain objective.',
    shown: readByObjective('labelSmoothing'),
  },
  {
    name: 'gammaBetaRatio',
    label: 'γ/β',
    help: 'Margin that SimPO asks for between the two replies, in units of β.',
    shown: readByObjective('gammaBetaRatio'),
  },
  {
    name: 'ipoAverage',
    label: 'IPO length',
    help: 'Whether a reply’s log-probability is its mean per token (TRL) or its sum (OpenRLHF, used by the paper).',
    choices: [
      { value: 'mean', label: 'Mean per token' },
      { value: 'sum', label: 'Sum over tokens' },
    ],
    shown: readByObjective('ipoAverage'),
  },
  {
    name: 'ldAlpha',
    label: 'Weight beyond the shorter reply, α',
    help: 'What a longer reply’s tokens beyond the shorter one’s length count: 1 is plain DPO, 0 leaves them out.',
    shown: readByObjective('ldAlpha'),
  },
  {
    name: 'desirableWeight',
    label: 'Weight of good replies, λ_D',
    help: 'What a desirable reply counts. Where one kind is rare, weigh it up: weight times number of both kinds should lie within 1 to 4/3.',
    shown: readByObjective('desirableWeight'),
  },
  {
    name: 'undesirableWeight',
    label: 'Weight of bad replies, λ_U',
    help: 'What an undesirable reply counts; the rejected reply of a pair is one.',
    shown: readByObjective('undesirableWeight'),
  },
  {
    name: 'referenceModel',
    label: 'Reference model',
    help: 'What the objective compares with. Another model than the one that trains must have the same tokenizer; a first loss is then not ln 2.',
    choices: [{ value: '', label: 'The model that trains' }],
    fromModels: true,
    shown: ({ texts }) => OBJECTIVE_FACTS[texts.objective as keyof typeof OBJECTIVE_FACTS].readsReference,
  },
  {
    name: 'nllWeight',
    label: 'NLL weight',
    whenEmpty: 'the objective’s own',
    help: `Weight of the chosen reply’s negative log-likelihood per token, which keeps its probability up (RPO under DPO). Its own: ${OBJECTIVES.filter(
      (one) => OBJECTIVE_FACTS[one].nllWeight > 0,
    )
      .map((one) => `${OBJECTIVE_FACTS[one].nllWeight} for ${OBJECTIVE_FACTS[one].name}`)
      .join(', ')}, else 0.`,
  },
];

const LATENT: readonly Field[] = [
  {
    name: 'latent.kind',
    label: 'Latent',
    help: 'The paper’s codebook, or a control that shows what the codebook itself is worth.',
    choices: LATENT_KINDS.map((value) => ({ value, label: LATENT_FACTS[value].name })),
  },
  {
    name: 'latent.pooling',
    label: 'Prompt pooling',
    help: 'How the latent reads the prompt: the mean sees cues anywhere, the last token is the paper’s.',
    choices: [
      { value: 'mean', label: 'Mean over the prompt' },
      { value: 'last', label: 'Last prompt token' },
    ],
    shown: readsPrompt,
  },
  {
    name: 'latent.injection',
    label: 'Where z enters',
    help: 'Before the output layer as in the paper, or mapped into the last blocks, where it can steer more.',
    choices: [
      { value: 'head', label: 'Before the output layer (paper)' },
      { value: 'layers', label: 'In the last blocks' },
    ],
  },
  {
    name: 'latent.injectionLayers',
    label: 'Blocks that take z',
    help: 'Counted from the last block.',
    shown: (draft) => draft.texts['latent.injection'] === 'layers',
  },
  {
    name: 'latent.inference',
    label: 'z without noise',
    help: 'How z is read from the prior in evaluation, scores and replies.',
    choices: [
      { value: 'expectation', label: 'Its mean: all codes by weight' },
      { value: 'argmax', label: 'Its mode: the strongest code' },
      { value: 'sample', label: 'A draw: one code' },
    ],
    shown: (draft) => codebook(draft) || posterior(draft),
  },
  {
    name: 'latent.priorShare',
    label: 'Prior’s share, g',
    help: 'Whose z the policy sees while training: the posterior’s giving way to the prior’s, or only one of them.',
    choices: [
      { value: 'rise', label: 'Rises from 0 to 1' },
      { value: 'prior-only', label: 'Prior only' },
      { value: 'posterior-only', label: 'Posterior only' },
    ],
    shown: posterior,
  },
  {
    name: 'latent.temperature',
    label: 'Temperature, τ',
    help: 'Softness of the Gumbel-softmax mixture at the first step.',
    shown: draws,
  },
  {
    name: 'latent.finalTemperature',
    label: 'Final temperature',
    help: 'τ at the last step; equal to the one above keeps it constant, lower hardens the choice.',
    shown: draws,
  },
  {
    name: 'latent.codebookInitStd',
    label: 'Codebook’s start',
    unit: 'standard deviation',
    help: 'Spread of the first codes; codes that start equal would never separate.',
    shown: codebook,
  },
];

const GEOMETRY: readonly Field[] = [
  {
    name: 'latent.promptDirections',
    label: 'Directions of the prompt',
    help: 'How many leading whitened directions of the prompt’s state the latent’s networks read; 0 hands them the state as it is (paper).',
    shown: readsPrompt,
  },
  {
    name: 'latent.codeDirections',
    label: 'Directions of codes',
    help: 'How many directions, chosen from what tells the replies of a pair apart, codes live in; 0 leaves them the whole hidden size (paper).',
    shown: atHead,
  },
  {
    name: 'latent.priorNetwork',
    label: 'Prior',
    help: 'Two layers as reconstructed from the paper, or one linear map, which learns from few pairs and can be fitted before the first step.',
    choices: [
      { value: 'two-layer', label: 'Two layers' },
      { value: 'linear', label: 'Linear' },
    ],
    shown: codebook,
  },
  {
    name: 'latent.posterior',
    label: 'Posterior',
    help: 'A network that sees the labelled pair while training, as in the paper, or none: the prompt alone then chooses codes.',
    choices: [
      { value: 'network', label: 'A network (paper)' },
      { value: 'none', label: 'None' },
    ],
    shown: codebook,
  },
  {
    name: 'latent.gumbelNoise',
    label: 'Gumbel noise',
    help: 'Draws of codes in training steps, as in the paper; off, each code counts by its probability.',
    toggle: true,
    shown: codebook,
  },
  {
    name: 'lengthLearningRate',
    label: 'Rate of the codes’ length',
    help: 'Step size of the one length that all codes share; it begins near 0, where z has no effect.',
    shown: inDirections,
  },
];

const WARM_START: readonly Field[] = [
  {
    name: 'latent.warmStart',
    label: 'Warm start',
    help: 'Finds codes and prior before the first step, from what each reply’s words would gain by every direction.',
    toggle: true,
    shown: fits,
  },
  {
    name: 'latent.warmStartRestarts',
    label: 'Restarts',
    help: 'Fits from different first draws; the best on the training pairs counts.',
    shown: warm,
  },
  {
    name: 'latent.codeRidge',
    label: 'Ridge on codes',
    unit: 'pairs',
    help: 'Pull of the codes towards 0: as much as this many pairs. Three times as much is tried too, on pairs set aside.',
    shown: warm,
  },
  {
    name: 'latent.priorRidge',
    label: 'Ridge on the prior',
    unit: 'pairs',
    help: 'Pull of the prior towards the same codes for every prompt.',
    shown: warm,
  },
  {
    name: 'latent.codeCost',
    label: 'Cost of long codes',
    help: 'What each prompt pays for the squared length of its codes: a code of its own for each taste then costs less than one for all.',
    shown: warm,
  },
];

const COLLAPSE: readonly Field[] = [
  {
    name: 'latent.klWarmupSteps',
    label: 'KL warm-up',
    unit: 'steps',
    help: 'λ rises from 0 over these steps, so that z can part prompts before prior and posterior are held together; 0 is off.',
    shown: posterior,
  },
  {
    name: 'latent.freeBits',
    label: 'Free bits',
    unit: 'nats per pair',
    help: 'KL below this costs nothing, which leaves room for z to say something; 0 is off.',
    shown: posterior,
  },
  {
    name: 'latent.batchEntropyBonus',
    label: 'Batch-entropy bonus',
    help: 'Rewards using many codes over a batch while each prompt fires few; 0 is off, 0.1 helps against one constant code.',
    shown: codebook,
  },
  {
    name: 'latent.reseedDeadEvery',
    label: 'Re-seed dead codes every',
    unit: 'steps',
    help: 'Codes that no prompt fires start again near living ones; 0 is off.',
    shown: codebook,
  },
];

const ADAPTER: readonly Field[] = [
  { name: 'loraRank', label: 'LoRA rank', help: 'Width of the added matrices: wider ones can learn more.' },
  { name: 'loraAlpha', label: 'LoRA α', help: 'Scale of the added matrices, divided by the rank.' },
  {
    name: 'loraDropout',
    label: 'LoRA dropout',
    unit: 'share, 0–1',
    help: 'Share of the adapter’s inputs left out at each step, so that few pairs are not simply memorised.',
  },
  {
    name: 'loraTargets',
    label: 'LoRA layers',
    help: 'Which linear layers of each block get an adapter.',
    several: LORA_TARGETS.map((name) => ({ value: name, label: name.replace('_proj', '') })),
  },
];

const OPTIMISER: readonly Field[] = [
  {
    name: 'codebookLearningRate',
    label: 'Codebook’s rate',
    whenEmpty: 'as the heads’',
    help: 'A step size of its own for the codebook.',
    shown: codebook,
  },
  {
    name: 'warmupSteps',
    label: 'Warm-up',
    unit: 'steps',
    help: 'Steps over which the rates rise from 0; at most the whole run.',
  },
  {
    name: 'schedule',
    label: 'Schedule',
    help: 'How the rates fall after the warm-up.',
    choices: [
      { value: 'cosine', label: 'Cosine to 0' },
      { value: 'linear', label: 'Linear to 0' },
      { value: 'constant', label: 'Constant' },
    ],
  },
  {
    name: 'accumulation',
    label: 'Accumulation',
    unit: 'rows per step',
    help: 'Token budgets summed into one step: a larger batch in the same memory, for more time.',
    shown: ({ texts }) => texts.batchPairs.trim() === '',
  },
  {
    name: 'batchPairs',
    label: 'Pairs per step',
    whenEmpty: 'as many as the token budget holds',
    help: 'A step takes so many pairs, in as many packed rows as they need: the batch of other trainers, whatever the pairs’ lengths.',
  },
  { name: 'weightDecay', label: 'Weight decay', help: 'Pull of the trained weights towards 0 (AdamW).' },
  {
    name: 'clipNorm',
    label: 'Gradient limit',
    help: 'Gradients longer than this are scaled down to it; 0 is off.',
  },
];

const within = (test: NonNullable<Field['shown']>, fields: readonly Field[]): readonly Field[] =>
  fields.map((field) => ({ ...field, shown: (draft) => test(draft) && (field.shown?.(draft) ?? true) }));

export const ADVANCED_GROUPS: readonly FieldGroup[] = [
  { name: 'Objective', fields: OBJECTIVE },
  { name: 'Latent', fields: within(latent, LATENT) },
  { name: 'How prompts are read and codes written', fields: within(latent, GEOMETRY) },
  { name: 'Warm start', fields: within(latent, WARM_START) },
  { name: 'Against idle or collapsed codes', fields: within(latent, COLLAPSE) },
  { name: 'Adapter', fields: within(trains('lora'), ADAPTER) },
  { name: 'Optimiser', fields: OPTIMISER },
  { name: 'Evaluation', fields: EVALUATION },
  { name: 'Text and memory', fields: MEMORY },
];
