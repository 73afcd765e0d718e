/** The best that any predictor can do on known-factor pairs, in closed form from T, ρ, ε and the rule. */
import type { FactorSettings } from './generate.ts';

export interface Ceilings {
  /** P(correct) of the best predictor that sees the prompt and both replies. */
  readonly bayes: number;
  /** P(correct) of the best predictor that is told the factor. */
  readonly oracle: number;
  /** Largest I(code; factor)/H(factor) of any code that is read from the prompt. */
  readonly recovery: number;
}

type Rule = Pick<FactorSettings, 'arrangement' | 'factors' | 'cueStrength' | 'labelNoise'>;

/** P(correct) on clean labels turned into P(correct) on labels that are exchanged with probability ε. */
const withNoise = (correct: number, noise: number): number => {
  const observed = correct * (1 - noise) + (1 - correct) * noise;
  return Math.max(observed, 1 - observed);
};

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/**
 * ρ the cue's strength (1/T without a cue), σ = (1 − ρ)/(T − 1) the chance of each wrong cue.
 * Orthogonal: the replies themselves show which one has a behaviour: 1, whatever the prompt says.
 * Opposed: the pair shows the behaviours of the factor t and of another u, and P(t|cue) ∝ ρ or σ. The cue is t with
 * probability ρ and u with σ, and the best guess is right with max(ρ, σ) of these; else both are equally likely:
 * max(ρ, σ) + (1 − ρ − σ)/2.
 * Recovery: I(cue; factor)/H(factor) = 1 + (ρ ln ρ + (1 − ρ) ln σ)/ln T.
 */
export function ceilings({ arrangement, factors, cueStrength, labelNoise }: Rule): Ceilings {
  const strength = cueStrength ?? 1 / factors;
  const wrong = (1 - strength) / (factors - 1);
  const clean = arrangement === 'orthogonal' ? 1 : Math.max(strength, wrong) + (1 - strength - wrong) / 2;
  return {
    bayes: withNoise(clean, labelNoise),
    oracle: withNoise(1, labelNoise),
    recovery: 1 + (xLogX(strength) + (factors - 1) * xLogX(wrong)) / Math.log(factors),
  };
}
