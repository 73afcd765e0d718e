/** Lanes that differ in their codes alone. Pure. */
import { mixOf, mixWords, setWeight, toggleMute } from './codeMix.ts';
import { alignedLane, type LanePlan, type RunOf } from './lanes.ts';

const ALONE = 4;
const WEIGHTS = [0, 0.25, 0.5, 0.75, 1];

/** Codes of the prior's choice without the dead ones, its strongest first. */
export const livingCodes = (prior: readonly number[], dead: ReadonlySet<number>): readonly number[] =>
  prior
    .map((weight, code) => ({ code, weight }))
    .filter(({ code }) => !dead.has(code))
    .sort((a, b) => b.weight - a.weight || a.code - b.code)
    .map(({ code }) => code);

/** The prior's own reply and one for each of its strongest codes alone, dead ones left out. */
export function planSweep(
  of: RunOf,
  prior: readonly number[],
  dead: ReadonlySet<number>,
  limit = ALONE,
): readonly LanePlan[] {
  return [
    alignedLane(of, 'prior', null),
    ...livingCodes(prior, dead)
      .slice(0, limit)
      .map((code): LanePlan => {
        const weights = prior.map((_, other) => (other === code ? 1 : 0));
        return {
          ...alignedLane(of, 'mix', weights),
          key: `code-${code}`,
          title: `Code ${code} alone`,
          note: `prior ${(prior[code] ?? 0).toFixed(2)}`,
          code,
        };
      }),
  ];
}

/** One code's weight from 0 to 1; the others in use share the rest as the prior has them. */
export function planWeightSweep(
  of: RunOf,
  prior: readonly number[],
  code: number,
  dead: ReadonlySet<number>,
): readonly LanePlan[] {
  const silent = [...dead].filter((other) => other !== code);
  const start = silent.reduce((mix, other) => toggleMute(mix, other, prior), mixOf(prior));
  return WEIGHTS.map((asked) => {
    const { weights } = setWeight(start, code, asked, prior);
    const others = weights.map((weight, other) => (other === code ? 0 : weight));
    return {
      ...alignedLane(of, 'mix', weights),
      key: `weight-${code}-${asked}`,
      title: `Code ${code} at ${(weights[code] ?? 0).toFixed(2)}`,
      note: mixWords(others, 2) || 'nothing else',
      code,
    };
  });
}
