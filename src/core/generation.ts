/** How replies are drawn from a policy. */
export interface Sampling {
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** Tokens kept, the likeliest; 0 is off. */
  readonly topK: number;
  /** Smallest set of likeliest tokens whose probabilities reach this; 1 is off. */
  readonly topP: number;
  /** Tokens below this share of the likeliest token's probability are left out; 0 is off. */
  readonly minP: number;
  /** Divides positive and multiplies negative logits of tokens already there (Keskar et al. 2019); 1 is off. */
  readonly repetitionPenalty: number;
  /** A reply ends before the first of these. */
  readonly stop: readonly string[];
  readonly seed: number;
}

export const DEFAULT_SAMPLING: Sampling = {
  maxTokens: 256,
  temperature: 0.8,
  topK: 0,
  topP: 0.95,
  minP: 0,
  repetitionPenalty: 1,
  stop: [],
  seed: 1,
};

/** z of a generation: none, the prior's, or weights chosen by a person (K values, made to sum to 1). */
export type CodeChoice =
  | { readonly mode: 'none' }
  | { readonly mode: 'prior' }
  | { readonly mode: 'weights'; readonly weights: readonly number[] };
