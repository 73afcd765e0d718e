/** Shape of the starter model and how it is trained. */
import { type BackboneConfig, parseConfig } from '../backbone/config.ts';
import { BEGIN_ID, END_ID } from './tokenizerFiles.ts';

export interface ModelShape {
  readonly vocabulary: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly contextLength: number;
}

export interface PretrainSettings {
  readonly seed: number;
  readonly steps: number;
  /** Tokens of one step: one packed row. */
  readonly rowTokens: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Rows of held-out text that the loss is measured on. */
  readonly heldOutRows: number;
  readonly evaluateEvery: number;
}

export const STARTER_SHAPE: Omit<ModelShape, 'vocabulary'> = {
  hiddenSize: 128,
  intermediateSize: 352,
  layers: 5,
  heads: 4,
  keyValueHeads: 2,
  contextLength: 512,
};

/** Merges that the tokenizer learns: with 256 bytes and 5 special tokens, 1,536 pieces. */
export const STARTER_MERGES = 1275;

export const STARTER_TRAINING: PretrainSettings = {
  seed: 7,
  steps: 2400,
  rowTokens: 768,
  learningRate: 3e-3,
  warmupSteps: 50,
  weightDecay: 0.05,
  clipNorm: 1,
  heldOutRows: 12,
  evaluateEvery: 200,
};

/** `config.json` as the Hugging Face library writes it for a Llama. */
export const configJson = (shape: ModelShape): Record<string, unknown> => ({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: shape.hiddenSize,
  intermediate_size: shape.intermediateSize,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  num_key_value_heads: shape.keyValueHeads,
  vocab_size: shape.vocabulary,
  max_position_embeddings: shape.contextLength,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  hidden_act: 'silu',
  tie_word_embeddings: true,
  bos_token_id: BEGIN_ID,
  eos_token_id: END_ID,
  torch_dtype: 'float16',
});

export const backboneOf = (shape: ModelShape): BackboneConfig =>
  parseConfig(configJson(shape), 'config.json');
