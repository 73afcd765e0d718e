/** What the demo measures: plain DPO beside LPC-DPO from the same seed, and what the codes found. */
import type { EvaluationFrame } from '#core/runFrames.ts';
import { bootstrapInterval, type Interval } from '#core/statistics.ts';
import type { CodesOverview } from '#shared/entities.ts';

export interface MethodFigures {
  readonly method: string;
  readonly engine: string;
  readonly seconds: number;
  readonly heldOutPairs: number;
  /** Share of held-out pairs with margin > 0 under the prior. */
  readonly accuracy: number;
  /** 95 % percentile bootstrap over held-out pairs. */
  readonly accuracyInterval: Interval;
  readonly margin: number;
  readonly kl: number | null;
  readonly codePerplexity: number | null;
  readonly posteriorAccuracy: number | null;
  readonly swappedAccuracy: number | null;
  /** NMI(strongest code; source) on held-out prompts. */
  readonly nmiSource: number | null;
}

export interface CodeFigures {
  readonly code: number;
  readonly share: number;
  /** Prompts for which this code is the strongest. */
  readonly prompts: number;
  readonly sources: readonly { readonly source: string; readonly share: number }[];
  readonly keywords: readonly string[];
  readonly topPrompts: readonly { readonly text: string; readonly source: string; readonly weight: number }[];
}

export interface DemoFigures {
  readonly data: string;
  readonly model: string;
  readonly pairs: number;
  readonly prompts: number;
  readonly sources: number;
  readonly seed: number;
  readonly steps: number;
  /** Steps of the latent run before its backbone joined. */
  readonly headsFirstSteps: number;
  readonly methods: readonly MethodFigures[];
  readonly codes: number;
  /** exp(H(mean p)) and NMI over all prompts. */
  readonly perplexity: number;
  readonly nmiAllPrompts: number;
  /** Which codes win for a reason: what each does when it alone makes z of the held-out pairs. */
  readonly causes: CodesOverview['causes'];
  readonly strongest: readonly CodeFigures[];
  /** Idle or collapsed codes in words; null when healthy. */
  readonly warning: string | null;
  readonly seconds: number;
}

/** Accuracy is the mean of right (1) and wrong (0) pairs, so its bootstrap needs their numbers alone. */
export function accuracyInterval(accuracy: number, pairs: number, seed: number): Interval {
  const right = Math.round(accuracy * pairs);
  const values = Array.from({ length: pairs }, (_, index) => (index < right ? 1 : 0));
  return bootstrapInterval(values, { seed });
}

export function methodFigures(
  method: string,
  run: { readonly engine: string; readonly seconds: number; readonly seed: number },
  frame: EvaluationFrame,
): MethodFigures {
  const latent = frame.codePerplexity !== null;
  return {
    method,
    engine: run.engine,
    seconds: run.seconds,
    heldOutPairs: frame.pairs,
    accuracy: frame.accuracy,
    accuracyInterval: accuracyInterval(frame.accuracy, frame.pairs, run.seed),
    margin: frame.margin,
    kl: latent ? frame.kl : null,
    codePerplexity: frame.codePerplexity,
    posteriorAccuracy: frame.posteriorAccuracy,
    swappedAccuracy: frame.swappedAccuracy,
    nmiSource: frame.nmiSource,
  };
}
