/** Which pairs a run would learn most from, as figures and in words. Pure. */

/** What says how much a pair is needed; `any` takes all of them together. */
export const NEEDS = ['any', 'margin', 'entropy', 'gap', 'codes', 'disagreement'] as const;
export type Need = (typeof NEEDS)[number];
export type Criterion = Exclude<Need, 'any'>;
export const CRITERIA: readonly Criterion[] = ['margin', 'entropy', 'gap', 'codes', 'disagreement'];

/** What is known of one pair; null where the run does not say. None of it tells which reply the model prefers. */
export interface NeedFigures {
  /** Size of the reward margin. */
  readonly margin: number | null;
  /** H(p(z|x)) in nats. */
  readonly entropy: number | null;
  /** How far a verdict would move the margin: mean over both verdicts of |margin under q(z|x, verdict) − margin|. */
  readonly gap: number | null;
  readonly code: number | null;
  /** Pairs of the strongest code that somebody has labelled. */
  readonly codeLabels: number | null;
  /** Chance that two people would say different things. */
  readonly disagreement: number | null;
}

/** A larger value is wanted first, but for a margin and for labels of a code. */
export const wantsSmall = (criterion: Criterion): boolean => criterion === 'margin' || criterion === 'codes';

/**
 * Chance that two people differ on a pair of a code: differences seen among `compared` comparisons of two labels, drawn
 * towards the overall share as if by ten comparisons more; where the margin is known, the mean of that and of two
 * people who each prefer the first reply with probability σ(margin): 2σ(1 − σ).
 */
export function predictedDisagreement(
  { different, compared }: { readonly different: number; readonly compared: number },
  overall: number,
  margin: number | null,
): number {
  const seen = (different + PRIOR_COMPARISONS * overall) / (compared + PRIOR_COMPARISONS);
  if (margin === null) return seen;
  const first = 1 / (1 + Math.exp(-margin));
  return (seen + 2 * first * (1 - first)) / 2;
}
const PRIOR_COMPARISONS = 10;

function phrase(figures: NeedFigures, criterion: Criterion): string | null {
  const { margin, entropy, gap, code, codeLabels, disagreement } = figures;
  if (criterion === 'margin') return margin === null ? null : `margin ${margin.toFixed(2)}`;
  if (criterion === 'entropy') return entropy === null ? null : `code entropy ${entropy.toFixed(2)} nats`;
  if (criterion === 'gap') return gap === null ? null : `a verdict moves the margin by ${gap.toFixed(2)}`;
  if (criterion === 'disagreement')
    return disagreement === null ? null : `people would differ in ${Math.round(100 * disagreement)} %`;
  if (code === null || codeLabels === null) return null;
  return `code ${code} has ${codeLabels === 1 ? '1 label' : `${codeLabels} labels`}`;
}

/** `margin 0.02; code 9 has 3 labels`: the criteria in this order, as far as they are known; null where none is. */
export function needReason(figures: NeedFigures, criteria: readonly Criterion[]): string | null {
  const phrases = criteria.flatMap((criterion) => phrase(figures, criterion) ?? []);
  return phrases.length === 0 ? null : phrases.join('; ');
}
