/**
 * How far raters agree beyond chance. Each function takes combinations of labels with their weights (how many items have
 * them; a resample changes the weights alone) and answers null where it is not defined. Pure.
 */
import { NO_LABEL, type Pattern } from './ratings.ts';

/** (P, Q) how many raters gave each category, by combination; and which categories are in order, lowest first. */
export interface Counted {
  readonly counts: readonly Float64Array[];
  readonly totals: Float64Array;
  readonly categories: number;
}

export function countLabels(patterns: readonly Pattern[], categories: number): Counted {
  const totals = new Float64Array(patterns.length);
  const counts = patterns.map(({ labels }, place) => {
    const row = new Float64Array(categories);
    for (const label of labels) {
      if (label === NO_LABEL) continue;
      row[label]! += 1;
      totals[place]! += 1;
    }
    return row;
  });
  return { counts, totals, categories };
}

/** Share of comparisons of two labels of one item that are the same: each comparison counts alike. */
export function rawAgreement({ counts, totals }: Counted, weights: ArrayLike<number>): number | null {
  let same = 0;
  let compared = 0;
  for (const [place, row] of counts.entries()) {
    const weight = weights[place] as number;
    const total = totals[place] as number;
    compared += weight * total * (total - 1);
    for (const count of row) same += weight * count * (count - 1);
  }
  return compared === 0 ? null : same / compared;
}

/** Mean over items of the share of same comparisons, and mean share of each category (Gwet 2014, eqs. 2.4, 2.5). */
function observed({ counts, totals, categories }: Counted, weights: ArrayLike<number>) {
  const shares = new Float64Array(categories);
  let agreement = 0;
  let items = 0;
  for (const [place, row] of counts.entries()) {
    const weight = weights[place] as number;
    const total = totals[place] as number;
    if (weight === 0) continue;
    items += weight;
    let same = 0;
    for (const [category, count] of row.entries()) {
      same += count * (count - 1);
      shares[category]! += (weight * count) / total;
    }
    agreement += (weight * same) / (total * (total - 1));
  }
  if (items === 0) return null;
  return { agreement: agreement / items, shares: shares.map((share) => share / items) };
}

const beyond = (agreement: number, chance: number): number | null =>
  chance >= 1 ? null : (agreement - chance) / (1 - chance);

/** Fleiss' kappa; with unequal numbers of labels by item, as Gwet (2014) generalises it. */
export function fleissKappa(counted: Counted, weights: ArrayLike<number>): number | null {
  const found = observed(counted, weights);
  if (found === null) return null;
  return beyond(
    found.agreement,
    found.shares.reduce((sum, share) => sum + share * share, 0),
  );
}

/** Gwet's AC1 over all `categories`, whether they occur or not. */
export function gwetAc1(counted: Counted, weights: ArrayLike<number>): number | null {
  const found = observed(counted, weights);
  if (found === null || counted.categories < 2) return null;
  const spread = found.shares.reduce((sum, share) => sum + share * (1 - share), 0);
  return beyond(found.agreement, spread / (counted.categories - 1));
}

/** Coincidences of two labels of one item (Krippendorff 2011): (Q, Q) row by row, and the sum of each row. */
function coincidences({ counts, totals, categories }: Counted, weights: ArrayLike<number>) {
  const matrix = new Float64Array(categories * categories);
  const sums = new Float64Array(categories);
  for (const [place, row] of counts.entries()) {
    const weight = (weights[place] as number) / ((totals[place] as number) - 1);
    if (weight === 0) continue;
    for (let one = 0; one < categories; one++) {
      const count = row[one] as number;
      if (count === 0) continue;
      for (let other = 0; other < categories; other++)
        matrix[one * categories + other]! +=
          weight * count * ((row[other] as number) - (one === other ? 1 : 0));
    }
  }
  for (let one = 0; one < categories; one++)
    for (let other = 0; other < categories; other++) sums[one]! += matrix[one * categories + other] as number;
  return { matrix, sums };
}

/** Squared difference of two categories, given how often each occurs. */
type Difference = (one: number, other: number, sums: Float64Array) => number;
const nominal: Difference = (one, other) => (one === other ? 0 : 1);
const ordinal: Difference = (one, other, sums) => {
  const [low, high] = one < other ? [one, other] : [other, one];
  let between = 0;
  for (let category = low; category <= high; category++) between += sums[category] as number;
  return (between - ((sums[low] as number) + (sums[high] as number)) / 2) ** 2;
};

function alphaBy(difference: Difference, counted: Counted, weights: ArrayLike<number>): number | null {
  const { matrix, sums } = coincidences(counted, weights);
  const { categories } = counted;
  let total = 0;
  let seen = 0;
  let expected = 0;
  for (let one = 0; one < categories; one++) {
    total += sums[one] as number;
    for (let other = 0; other < categories; other++) {
      const apart = difference(one, other, sums);
      seen += apart * (matrix[one * categories + other] as number);
      expected += apart * (sums[one] as number) * (sums[other] as number);
    }
  }
  return expected === 0 ? null : 1 - ((total - 1) * seen) / expected;
}

/** Krippendorff's alpha: any two different labels are equally far apart. */
export const nominalAlpha = (counted: Counted, weights: ArrayLike<number>): number | null =>
  alphaBy(nominal, counted, weights);
/** The same where categories are in order: labels further apart disagree more. */
export const ordinalAlpha = (counted: Counted, weights: ArrayLike<number>): number | null =>
  alphaBy(ordinal, counted, weights);

/** Cohen's kappa of two raters, by their places, over the items that both labelled. */
function cohenKappa(
  patterns: readonly Pattern[],
  [one, other]: readonly [number, number],
  categories: number,
  weights: ArrayLike<number>,
): number | null {
  const first = new Float64Array(categories);
  const second = new Float64Array(categories);
  let same = 0;
  let total = 0;
  for (const [place, { labels }] of patterns.entries()) {
    const left = labels[one] ?? NO_LABEL;
    const right = labels[other] ?? NO_LABEL;
    if (left === NO_LABEL || right === NO_LABEL) continue;
    const weight = weights[place] as number;
    total += weight;
    first[left]! += weight;
    second[right]! += weight;
    if (left === right) same += weight;
  }
  if (total === 0) return null;
  let chance = 0;
  for (let category = 0; category < categories; category++)
    chance += ((first[category] as number) * (second[category] as number)) / total ** 2;
  return beyond(same / total, chance);
}

/** Light's kappa: the mean of Cohen's over all two raters for whom it is defined; Cohen's own where there are two. */
export function lightKappa(
  patterns: readonly Pattern[],
  raters: number,
  categories: number,
  weights: ArrayLike<number>,
): number | null {
  let sum = 0;
  let count = 0;
  for (let one = 0; one < raters; one++) {
    for (let other = one + 1; other < raters; other++) {
      const kappa = cohenKappa(patterns, [one, other], categories, weights);
      if (kappa === null) continue;
      sum += kappa;
      count += 1;
    }
  }
  return count === 0 ? null : sum / count;
}
