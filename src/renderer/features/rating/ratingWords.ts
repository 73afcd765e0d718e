/** Ratings in words, and the keys that give them. Pure. */
import type { RatingScale } from '#core/ratings.ts';

export interface RatingChoice {
  readonly value: number;
  readonly key: string;
  readonly name: string;
}
const CHOICES: Readonly<Record<RatingScale, readonly RatingChoice[]>> = {
  thumbs: [
    { value: 1, key: '1', name: 'Good' },
    { value: 0, key: '2', name: 'Not good' },
  ],
  five: [
    { value: 1, key: '1', name: 'Bad' },
    { value: 2, key: '2', name: 'Poor' },
    { value: 3, key: '3', name: 'Fair' },
    { value: 4, key: '4', name: 'Good' },
    { value: 5, key: '5', name: 'Very good' },
  ],
};

export const ratingChoices = (scale: RatingScale): readonly RatingChoice[] => CHOICES[scale];

/** `Undo: Good`. */
export function ratingStepWords(
  what: 'Undo' | 'Redo',
  step: { scale: RatingScale; value: number | null },
): string {
  const name = CHOICES[step.scale].find(({ value }) => value === step.value)?.name ?? 'Skip';
  return `${what}: ${name}`;
}
