/** All coefficients of agreement of some ratings, each with a bootstrap interval over items. Pure. */
import { type RandomSource, randomSource } from '../random.ts';
import { quantile } from '../statistics.ts';
import {
  countLabels,
  fleissKappa,
  gwetAc1,
  lightKappa,
  nominalAlpha,
  ordinalAlpha,
  rawAgreement,
} from './coefficients.ts';
import type { Ratings } from './ratings.ts';
import { resampledWeights } from './resample.ts';

/** Null where it is not defined: nothing to compare, or only one label occurs. */
interface Coefficient {
  readonly value: number | null;
  /** 95 % percentile interval; null where too few items or resamples define it. */
  readonly low: number | null;
  readonly high: number | null;
}
type CoefficientName = 'raw' | 'cohen' | 'fleiss' | 'alpha' | 'ordinal' | 'ac1';
export type AgreementFigures = Readonly<Record<CoefficientName, Coefficient>> & {
  readonly items: number;
  readonly labels: number;
};

/** Ratings of one question: as categories, and, where they are in order, as values on a scale. */
export interface Question {
  readonly nominal: Ratings;
  readonly scale: Ratings | null;
}
export interface FigureOptions {
  readonly raters: number;
  readonly seed: number;
  readonly resamples: number;
}

/** A resample that leaves a coefficient undefined counts for nothing; with fewer than this share there is no interval. */
const LEAST_DEFINED = 0.5;

type Measure = (weights: ArrayLike<number>) => number | null;
type Measures = Partial<Record<CoefficientName, Measure>>;

function nominalMeasures(ratings: Ratings, raters: number): Measures {
  const patterns = ratings.patterns();
  const { categories } = ratings;
  const counted = countLabels(patterns, categories);
  return {
    raw: (weights) => rawAgreement(counted, weights),
    cohen: (weights) => lightKappa(patterns, raters, categories, weights),
    fleiss: (weights) => fleissKappa(counted, weights),
    alpha: (weights) => nominalAlpha(counted, weights),
    ac1: (weights) => gwetAc1(counted, weights),
  };
}

function scaleMeasures(ratings: Ratings): Measures {
  const ranked = ratings.ranked();
  const counted = countLabels(ranked.patterns(), ranked.categories);
  return { ordinal: (weights) => ordinalAlpha(counted, weights) };
}

function withIntervals(ratings: Ratings, measures: Measures, { seed, resamples }: FigureOptions) {
  const observed = Float64Array.from(ratings.patterns(), ({ items }) => items);
  const source: RandomSource = randomSource({ seed, stream: 'agreement', counter: 0 });
  const weights = new Float64Array(observed.length);
  const named = Object.entries(measures);
  const drawn = named.map((): number[] => []);
  for (let resample = 0; resample < resamples && ratings.items > 1; resample++) {
    resampledWeights(observed, ratings.items, source, weights);
    for (const [place, [, measure]] of named.entries()) {
      const value = measure(weights);
      if (value !== null) drawn[place]?.push(value);
    }
  }
  return named.map(([name, measure], place): [string, Coefficient] => {
    const value = measure(observed);
    const values = drawn[place] ?? [];
    const known = value !== null && values.length > 0 && values.length >= LEAST_DEFINED * resamples;
    const at = (share: number): number | null => (known ? quantile(values, share) : null);
    return [name, { value, low: at(0.025), high: at(0.975) }];
  });
}

const UNDEFINED: Coefficient = { value: null, low: null, high: null };

/** The same seed gives the same intervals. */
export function agreementFigures({ nominal, scale }: Question, options: FigureOptions): AgreementFigures {
  const found = [
    ...withIntervals(nominal, nominalMeasures(nominal, options.raters), options),
    ...(scale === null ? [] : withIntervals(scale, scaleMeasures(scale), options)),
  ];
  return {
    ...{
      raw: UNDEFINED,
      cohen: UNDEFINED,
      fleiss: UNDEFINED,
      alpha: UNDEFINED,
      ordinal: UNDEFINED,
      ac1: UNDEFINED,
    },
    ...(Object.fromEntries(found) as Partial<Record<CoefficientName, Coefficient>>),
    items: nominal.items,
    labels: nominal.labels,
  };
}
