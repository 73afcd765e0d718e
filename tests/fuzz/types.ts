export const TARGETS = ['import', 'contract', 'frames', 'models', 'templates'] as const;
export type TargetName = (typeof TARGETS)[number];

/** Of every thousand inputs, how many go to each. */
export const SHARES: Readonly<Record<TargetName, number>> = {
  import: 300,
  contract: 250,
  frames: 50,
  models: 225,
  templates: 175,
};

/** Reads input number `index`: the code of the refusal, or null where it was read. Whatever it throws is a fault. */
type ReadInput = (index: number) => Promise<string | null>;

interface Target {
  readonly read: ReadInput;
  close(): Promise<void>;
}

/** `folder` is empty, and the target's own. */
export type OpenTarget = (folder: string, seed: number) => Promise<Target>;

/** What the process that reads says, a JSON line each. */
export type Said =
  | { readonly type: 'begin'; readonly index: number }
  /** `peakBytes`: the most memory that its process has held so far. */
  | { readonly type: 'end'; readonly index: number; readonly code: string | null; readonly peakBytes: number }
  | { readonly type: 'threw'; readonly index: number; readonly message: string };

export type Fault = 'crashed' | 'overTime' | 'overMemory';

export interface Fuzzed {
  inputs: number;
  read: number;
  /** Refused with a code; `codes` says how often with which. */
  refused: number;
  crashed: number;
  overTime: number;
  overMemory: number;
}
