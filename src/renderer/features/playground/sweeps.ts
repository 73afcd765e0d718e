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

/** Of a run with one code in use all weights are the same mix: its reply with the code and without z is all there is to compare. */
const withAndWithout = (of: RunOf, codes: number, code: number): readonly LanePlan[] => [
  { ...alignedLane(of, 'none', null), key: 'off', title: 'z off', note: 'no code' },
  {
    ...alignedLane(
      of,
      'mix',
      Array.from({ length: codes }, (_, other) => (other === code ? 1 : 0)),
    ),
    key: `code-${code}`,
    title: `Code ${code} alone`,
    note: 'the only one in use',
    code,
  },
];

/** The prior's own reply and one for each of its strongest codes alone, dead ones left out; of a single code, with it and without. */
export function planSweep(
  of: RunOf,
  prior: readonly number[],
  dead: ReadonlySet<number>,
  limit = ALONE,
): readonly LanePlan[] {
  const living = livingCodes(prior, dead);
  const [only] = living;
  if (only !== undefined && living.length === 1) return withAndWithout(of, prior.length, only);
  return [
    alignedLane(of, 'prior', null),
    ...living.slice(0, limit).map((code): LanePlan => {
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

/** One code's weight from 0 to 1; the others in use share the rest as the prior has them. Without others, with it and without z. */
export function planWeightSweep(
  of: RunOf,
  prior: readonly number[],
  code: number,
  dead: ReadonlySet<number>,
): readonly LanePlan[] {
  if (livingCodes(prior, dead).every((other) => other === code))
    return withAndWithout(of, prior.length, code);
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
