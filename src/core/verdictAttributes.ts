/** What a verdict says beside which reply is better, and what a project asks for. Pure. */
import { preferredReply, type Verdict } from './preference.ts';

/** An aspect is better served by a reply, by both alike, or does not apply. */
export const ASPECT_ANSWERS = ['a', 'b', 'tie', 'na'] as const;
export type AspectAnswer = (typeof ASPECT_ANSWERS)[number];

/** Confidence and the scales of strength begin at 1. */
export const MOST_CONFIDENCE = 5;
/** How much better a reply may be: 1–4 on the winning side, or the 1–3 of a 7-point scale whose middle is a tie. */
export const STRENGTH_SCALES = { none: 0, four: 4, seven: 3 } as const;
export type StrengthScale = keyof typeof STRENGTH_SCALES;
export const RATIONALE_RULES = ['off', 'optional', 'disagreement', 'required'] as const;
export const CONFIDENCE_RULES = ['off', 'optional', 'required'] as const;

export interface VerdictAttributes {
  /** How much better the preferred reply is; null where none is preferred or it was not said. */
  readonly strength: number | null;
  /** By the aspect's name. */
  readonly aspects: Readonly<Record<string, AspectAnswer>>;
  /** 1 to 5. */
  readonly confidence: number | null;
  readonly rationale: string | null;
  /** Why the pair wants somebody's attention. */
  readonly flag: string | null;
}
export const NO_ATTRIBUTES: VerdictAttributes = {
  strength: null,
  aspects: {},
  confidence: null,
  rationale: null,
  flag: null,
};

export interface Aspect {
  readonly name: string;
  /** What it means, for whoever answers. */
  readonly description: string;
  readonly required: boolean;
}
/** What a project asks of each verdict. */
export interface VerdictRules {
  readonly strength: StrengthScale;
  readonly aspects: readonly Aspect[];
  readonly rationale: (typeof RATIONALE_RULES)[number];
  readonly confidence: (typeof CONFIDENCE_RULES)[number];
}
export const PLAIN_RULES: VerdictRules = {
  strength: 'none',
  aspects: [],
  rationale: 'off',
  confidence: 'off',
};

export type AskedAttribute = 'strength' | 'aspects' | 'confidence' | 'rationale';

/** The first thing that a project asks of a verdict and that is not there; a skip owes nothing. */
export function missingAttribute(
  verdict: Verdict,
  given: VerdictAttributes,
  rules: VerdictRules,
): AskedAttribute | null {
  if (verdict === 'skip') return null;
  if (rules.strength !== 'none' && preferredReply(verdict) !== null && given.strength === null)
    return 'strength';
  if (rules.aspects.some(({ name, required }) => required && given.aspects[name] === undefined))
    return 'aspects';
  if (rules.confidence === 'required' && given.confidence === null) return 'confidence';
  return rules.rationale === 'required' && given.rationale === null ? 'rationale' : null;
}

/** What a verdict can hold of what was said: no strength without a preference, no blank texts. */
export function cleanAttributes(verdict: Verdict, given: VerdictAttributes): VerdictAttributes {
  const text = (value: string | null): string | null => {
    const trimmed = value?.trim() ?? '';
    return trimmed === '' ? null : trimmed;
  };
  return {
    ...given,
    strength: preferredReply(verdict) === null ? null : given.strength,
    rationale: text(given.rationale),
    flag: text(given.flag),
  };
}

/** Whether a verdict contradicts others on its pair: one that prefers the other reply, or is undecided between them. */
export function disagrees(verdict: Verdict, others: readonly Verdict[]): boolean {
  if (verdict === 'skip') return false;
  return others.some((other) => other !== 'skip' && other !== verdict);
}

/** How much better `a` is than `b`, negative where `b` is; 0 for a tie and both bad, null for a skip. */
export function signedStrength(verdict: Verdict, strength: number | null): number | null {
  if (verdict === 'skip') return null;
  const preferred = preferredReply(verdict);
  return preferred === null ? 0 : (preferred === 'a' ? 1 : -1) * (strength ?? 1);
}
