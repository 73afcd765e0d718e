/** Which things to try pull against each other, and which findings deny one another. */
import type { Suggestion } from './result.ts';

/** What was told to try, with the setting that would be changed, where a press can change it. */
export interface StandingRemedy {
  readonly fix: string;
  readonly suggestion?: Suggestion;
}
export const remedyOf = ({ fix, suggestion }: StandingRemedy): StandingRemedy => ({
  fix,
  ...(suggestion && { suggestion }),
});

/** What a remedy changes, by how its sentence begins. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/^Raise β/, 'β'],
  [/^Lower the rates? of the heads/, 'rate'],
  [/^Lower the learning rate/, 'rate'],
  [/^Lower the KL weight/, 'KL weight'],
  [/^(?:Train for|Stop where)/, 'steps'],
  [/^Set the posterior to/, 'posterior'],
  [/^Set the prior’s share/, 'posterior'],
];
const changeOf = (fix: string): string | null => CHANGES.find(([pattern]) => pattern.test(fix))?.[1] ?? null;

/**
 * Fewer steps and smaller ones both make less of a run, so that one of them undoes what the other was to show; a smaller weight of the KL lets it
 * grow, which a smaller rate or no posterior keeps down; a larger β already makes z shorter, as smaller rates of the heads do.
 */
const APART: readonly (readonly [string, string])[] = [
  ['steps', 'rate'],
  ['KL weight', 'rate'],
  ['KL weight', 'posterior'],
  ['β', 'rate'],
];
const among = (pairs: readonly (readonly [string, string])[], one: string, other: string): boolean =>
  pairs.some(([a, b]) => (a === one && b === other) || (a === other && b === one));

export function pullApart(one: string, other: string): boolean {
  const [a, b] = [changeOf(one), changeOf(other)];
  return a !== null && b !== null && among(APART, a, b);
}

/** Findings by code of which one denies what the other says, or says the same again. */
const DENIED: readonly (readonly [string, string])[] = [
  ['kl-blow-up', 'posterior-collapse'],
  ['transfer-failed', 'posterior-collapse'],
  ['code-collapse', 'idle-codes'],
  ['worse-than-untrained', 'overfitting'],
];
export const denies = (one: string, other: string): boolean => among(DENIED, one, other);
