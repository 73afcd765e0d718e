/** Every setting of a run: its name, its unit, and one sentence on what it does. */
import type { Draft, FieldName } from './draft.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly help: string;
  readonly unit?: string;
  /** A closed list; without one the value is a number. */
  readonly choices?: readonly Choice[];
  /** Left out where it has no effect. */
  readonly shown?: (draft: Draft) => boolean;
}

const latent = (draft: Draft) => draft.latent;
const objective =
  (...names: string[]) =>
  (draft: Draft) =>
    names.includes(draft.texts.objective);
const trains =
  (...names: string[]) =>
  (draft: Draft) =>
    names.includes(draft.texts.trainable);

export const BASIC_FIELDS: readonly Field[] = [
  {
    name: 'latent.codes',
    label: 'Codes, K',
    help: 'How many latent preferences the codebook can hold; the paper found 32 to 64 best.',
    shown: latent,
  },
  {
    name: 'latent.klWeight',
    label: 'KL weight, λ',
    help: 'How strongly posterior and prior are held together; too much drowns the codes.',
    shown: latent,
  },
  {
    name: 'trainable',
    label: 'Trainable',
    help: 'Heads alone leave the model as it is; LoRA adds small matrices; full changes every weight.',
    choices: [
      { value: 'heads', label: 'Heads only' },
      { value: 'lora', label: 'LoRA' },
      { value: 'full', label: 'Full model' },
    ],
  },
  {
    name: 'headsFirst',
    label: 'Heads first',
    unit: 'share of steps, 0–1',
    help: 'Heads and codebook train alone for this share, so that codes mean something before the model can ignore them.',
    shown: (draft) => draft.latent && draft.texts.trainable !== 'heads',
  },
  { name: 'steps', label: 'Steps', help: 'Updates of the weights; each reads one token budget of pairs.' },
  {
    name: 'learningRate',
    label: 'Learning rate',
    help: 'Step size for the model or its LoRA; halve it when the loss jumps.',
    shown: trains('lora', 'full'),
  },
  {
    name: 'headsLearningRate',
    label: 'Heads’ rate',
    help: 'Step size for prior, posterior and codebook, which start from nothing and bear more.',
    shown: latent,
  },
  {
    name: 'tokenBudget',
    label: 'Token budget',
    unit: 'tokens a step',
    help: 'Packed tokens in one step: more is steadier and takes more memory and time.',
  },
  {
    name: 'seed',
    label: 'Seed',
    help: 'The same seed on the same pairs and engine gives the same run.',
  },
  {
    name: 'engine',
    label: 'Engine',
    help: 'What computes the steps; auto measures the engines here and takes the fastest.',
    choices: [
      { value: 'auto', label: 'Auto, the fastest here' },
      { value: 'onnx-cpu', label: 'Compiled, CPU' },
      { value: 'onnx-webgpu', label: 'Compiled, WebGPU' },
      { value: 'tfjs-node-gpu', label: 'TensorFlow, CUDA' },
      { value: 'tfjs-wasm', label: 'TensorFlow.js, WebAssembly' },
      { value: 'tfjs-cpu', label: 'TensorFlow.js, plain CPU' },
    ],
  },
];

export const ADVANCED_FIELDS: readonly Field[] = [
  {
    name: 'beta',
    label: 'β',
    help: 'How far the policy may move from the reference: smaller moves further. SimPO wants about 2, DPO and IPO 0.1.',
  },
  {
    name: 'labelSmoothing',
    label: 'Label smoothing, ε',
    help: 'Share of labels taken to be wrong (conservative DPO); 0 is plain DPO.',
    shown: objective('dpo'),
  },
  {
    name: 'gammaBetaRatio',
    label: 'γ/β',
    help: 'Margin that SimPO asks for between the two replies, in units of β.',
    shown: objective('simpo'),
  },
  {
    name: 'ipoAverage',
    label: 'IPO length',
    help: 'Whether a reply’s log-probability is its mean per token (TRL) or its sum (OpenRLHF, used by the paper).',
    choices: [
      { value: 'mean', label: 'Mean per token' },
      { value: 'sum', label: 'Sum over tokens' },
    ],
    shown: objective('ipo'),
  },
  {
    name: 'latent.pooling',
    label: 'Prompt pooling',
    help: 'How the prior reads the prompt: its mean sees cues anywhere, the last token is the paper’s.',
    choices: [
      { value: 'mean', label: 'Mean over the prompt' },
      { value: 'last', label: 'Last prompt token' },
    ],
    shown: latent,
  },
  {
    name: 'latent.batchEntropyBonus',
    label: 'Batch-entropy bonus',
    help: 'Rewards using many codes over a batch while each prompt fires few; 0 is off, 0.1 helps against one constant code.',
    shown: latent,
  },
  {
    name: 'latent.temperature',
    label: 'Temperature, τ',
    help: 'Softness of the Gumbel-softmax mixture while training.',
    shown: latent,
  },
  {
    name: 'latent.priorShare',
    label: 'Prior’s share, g',
    help: 'Whose codes the policy sees while training: the posterior’s giving way to the prior’s, or one of them alone.',
    choices: [
      { value: 'rise', label: 'Rises from 0 to 1' },
      { value: 'prior-only', label: 'Prior only' },
      { value: 'posterior-only', label: 'Posterior only' },
    ],
    shown: latent,
  },
  {
    name: 'latent.codebookInitStd',
    label: 'Codebook’s start',
    unit: 'standard deviation',
    help: 'Spread of the first codes; all-equal codes would never part.',
    shown: latent,
  },
  {
    name: 'loraRank',
    label: 'LoRA rank',
    help: 'Width of the added matrices: more can learn more.',
    shown: trains('lora'),
  },
  {
    name: 'loraAlpha',
    label: 'LoRA α',
    help: 'Scale of the added matrices, divided by the rank.',
    shown: trains('lora'),
  },
  { name: 'warmupSteps', label: 'Warm-up', unit: 'steps', help: 'Steps over which the rates rise from 0.' },
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
  { name: 'weightDecay', label: 'Weight decay', help: 'Pull of the trained weights towards 0 (AdamW).' },
  {
    name: 'clipNorm',
    label: 'Gradient limit',
    help: 'Gradients longer than this are scaled down to it; 0 is off.',
  },
  {
    name: 'maxPromptTokens',
    label: 'Longest prompt',
    unit: 'tokens',
    help: 'Longer prompts lose their oldest tokens.',
  },
  {
    name: 'maxReplyTokens',
    label: 'Longest reply',
    unit: 'tokens',
    help: 'Longer replies are cut at the end; the end-of-turn token counts.',
  },
  {
    name: 'evaluateEvery',
    label: 'Evaluate every',
    unit: 'steps',
    help: 'Steps between evaluations on held-out pairs; 0 evaluates at the end only.',
  },
  {
    name: 'heldOutShare',
    label: 'Held out',
    unit: 'share of prompts, 0–0.9',
    help: 'Prompts, with all their pairs, that training never sees: accuracy is measured on these.',
  },
];

export const shownFields = (fields: readonly Field[], draft: Draft): readonly Field[] =>
  fields.filter(({ shown }) => shown?.(draft) ?? true);
