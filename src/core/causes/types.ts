/** What forcing codes showed. A forced code is z = e_k for every prompt: what the code does, whoever would choose it. */
export interface ForcedPair {
  readonly promptId: string;
  /** Source, aspect or factor of the pair. */
  readonly group: string;
  /** The prompt's strongest code under the prior. */
  readonly strongest: number;
  /** Margin with z from the prior, as in use. */
  readonly margin: number;
  /** Margin under each forced code, in the order of `codes`. */
  readonly forced: readonly number[];
  /** Margin with half of the mixture given to each code, the rest as the prior has it, in the order of `codes`. */
  readonly pinned: readonly number[];
  /** Margin with z off, */
  readonly off: number;
  /** and with the mean of p(z|x) for every prompt: one vector for all. */
  readonly shared: number;
}

export interface ForcedCodes {
  /** Codes that were forced. */
  readonly codes: readonly number[];
  readonly pairs: readonly ForcedPair[];
}

export interface CodeEffect {
  readonly code: number;
  readonly group: string;
  readonly pairs: number;
  /** Share of the group's pairs with margin > 0 under the code, and its 95 % interval over prompts. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly margin: number;
  /** Accuracy with the code pinned to half of the mixture, the rest as the prior has it. */
  readonly pinnedAccuracy: number;
}

export interface Causes {
  readonly codes: readonly number[];
  readonly groups: readonly string[];
  /** Codes × groups. */
  readonly effects: readonly CodeEffect[];
  /** Group that a code serves better than the other codes do beyond chance, by code; null where there is none. */
  readonly serves: readonly (string | null)[];
  /** I(group that the prompt's code serves; the prompt's group) / H(group), 0 … 1. See `causalRecovery`. */
  readonly recovery: number | null;
  /** Accuracy of the prior's own choice less that of the best single code for all, found on other prompts. */
  readonly gainOverOneCode: Gain;
  /** Accuracy of the prior's own choice less that with z off, and less that with one vector for all prompts; null in runs before it was measured. */
  readonly gainOverOff: Gain | null;
  readonly gainOverShared: Gain | null;
}

/** With its 95 % interval over prompts. */
export interface Gain {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
