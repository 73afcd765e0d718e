/** A verdict with its strength by one digit: the row of digits is the scale, from left to right as on screen. Pure. */
import { STRENGTH_SCALES, type StrengthScale } from '#core/verdictAttributes.ts';

export interface ScaleStep {
  readonly digit: number;
  readonly choice: 'left' | 'tie' | 'right';
  readonly strength: number | null;
}

const WORDS: Readonly<Record<StrengthScale, readonly string[]>> = {
  none: [],
  four: ['slightly', 'clearly', 'much', 'far'],
  seven: ['slightly', 'clearly', 'much'],
};

/** `much better`, for a strength on a project's scale; null where it is on another one. */
export const strengthWord = (scale: StrengthScale, strength: number): string | null =>
  WORDS[scale][strength - 1] ?? null;

/** The steps of a scale by their digits: the strongest for the left first, a tie in the middle. None without a scale. */
export function scaleSteps(scale: StrengthScale): readonly ScaleStep[] {
  const most = STRENGTH_SCALES[scale];
  if (most === 0) return [];
  const strengths = Array.from({ length: most }, (_, index) => index + 1);
  return [
    ...strengths.toReversed().map((strength) => ({ choice: 'left' as const, strength })),
    { choice: 'tie' as const, strength: null },
    ...strengths.map((strength) => ({ choice: 'right' as const, strength })),
  ].map((step, index) => ({ ...step, digit: index + 1 }));
}
