/**
 * What is true of items that several raters labelled, and how far each rater is to be trusted: Dawid and Skene (1979) by
 * expectation maximisation. Pure.
 *
 * Each item has a true label t with P(t) = p_t; rater r says l of an item of true label t with P(l | t, r) = π_rtl.
 * E step: q_i(t) ∝ p_t Π_r π_r,t,l(i,r). M step: p_t = mean_i q_i(t), π_rtl = Σ_i q_i(t) [l(i,r) = l] / Σ_i q_i(t).
 */
import { type Label, NO_LABEL } from './ratings.ts';

interface DawidSkeneOptions {
  readonly raters: number;
  readonly categories: number;
  /** At most; it ends earlier where the log likelihood rises by less than `tolerance` of an item. */
  readonly iterations?: number;
  readonly tolerance?: number;
  /** Added to each count of π, so that what a rater never said of a label stays possible. */
  readonly smoothing?: number;
}

/** One combination of labels, and how many items have it: all items of one have the same truth in view. */
interface RatedItems {
  readonly labels: readonly Label[];
  readonly items: number;
}

interface Consensus {
  /** By pattern: probability of each category. */
  readonly truth: readonly Float64Array[];
  /** p_t. */
  readonly prior: Float64Array;
  /** By rater: π, `categories` × `categories`, the true label by rows. */
  readonly confusion: readonly Float64Array[];
  /** By rater: items labelled, and how many of them rightly, Σ_i q_i(l(i,r)). */
  readonly labelled: readonly number[];
  readonly right: readonly number[];
}

/** Stands for a probability of 0, so that its logarithm is one. */
const LEAST = 1e-10;

/** Begins at the share of each label among an item's labels: majority, with ties left open. */
export function dawidSkene(
  patterns: readonly RatedItems[],
  { raters, categories, iterations = 200, tolerance = 1e-9, smoothing = 0.01 }: DawidSkeneOptions,
): Consensus {
  const truth = patterns.map(({ labels }) => shares(labels, categories));
  const items = patterns.reduce((sum, pattern) => sum + pattern.items, 0);
  const prior = new Float64Array(categories);
  const confusion = Array.from({ length: raters }, () => new Float64Array(categories * categories));
  let before = Number.NEGATIVE_INFINITY;
  for (let done = 0; done < iterations; done++) {
    maximise(patterns, truth, prior, confusion, smoothing);
    const likelihood = expect(patterns, truth, prior, confusion);
    if (likelihood - before < tolerance * Math.max(1, items)) break;
    before = likelihood;
  }
  const labelled = new Array<number>(raters).fill(0);
  const right = new Array<number>(raters).fill(0);
  for (const [place, { labels, items: times }] of patterns.entries())
    for (const [rater, said] of labels.entries()) {
      if (said === NO_LABEL) continue;
      labelled[rater] = (labelled[rater] as number) + times;
      right[rater] = (right[rater] as number) + times * ((truth[place] as Float64Array)[said] as number);
    }
  return { truth, prior, confusion, labelled, right };
}

/** The category with the highest probability, the first of equals. */
export function mostLikely(truth: Float64Array): number {
  let best = 0;
  for (const [category, share] of truth.entries()) if (share > (truth[best] as number)) best = category;
  return best;
}

function shares(labels: readonly Label[], categories: number): Float64Array {
  const found = new Float64Array(categories);
  let given = 0;
  for (const label of labels) {
    if (label === NO_LABEL) continue;
    found[label] = (found[label] as number) + 1;
    given += 1;
  }
  return found.map((count) => (given === 0 ? 1 / categories : count / given));
}

function maximise(
  patterns: readonly RatedItems[],
  truth: readonly Float64Array[],
  prior: Float64Array,
  confusion: readonly Float64Array[],
  smoothing: number,
): void {
  const categories = prior.length;
  prior.fill(0);
  for (const matrix of confusion) matrix.fill(smoothing);
  for (const [place, { labels, items }] of patterns.entries()) {
    const likely = truth[place] as Float64Array;
    for (let label = 0; label < categories; label++) {
      const weight = items * (likely[label] as number);
      prior[label] = (prior[label] as number) + weight;
      for (const [rater, said] of labels.entries()) {
        if (said === NO_LABEL) continue;
        const matrix = confusion[rater] as Float64Array;
        matrix[label * categories + said] = (matrix[label * categories + said] as number) + weight;
      }
    }
  }
  normalise(prior, 0, categories);
  for (const matrix of confusion)
    for (let label = 0; label < categories; label++) normalise(matrix, label * categories, categories);
}

function normalise(values: Float64Array, from: number, count: number): void {
  let sum = 0;
  for (let place = from; place < from + count; place++) sum += values[place] as number;
  for (let place = from; place < from + count; place++)
    values[place] = sum === 0 ? 1 / count : (values[place] as number) / sum;
}

/** Sets the truth; gives the log likelihood of all labels. */
function expect(
  patterns: readonly RatedItems[],
  truth: readonly Float64Array[],
  prior: Float64Array,
  confusion: readonly Float64Array[],
): number {
  const categories = prior.length;
  let total = 0;
  for (const [place, { labels, items }] of patterns.entries()) {
    const likely = truth[place] as Float64Array;
    let most = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < categories; label++) {
      let logarithm = Math.log(Math.max(prior[label] as number, LEAST));
      for (const [rater, said] of labels.entries())
        if (said !== NO_LABEL)
          logarithm += Math.log(
            Math.max((confusion[rater] as Float64Array)[label * categories + said] as number, LEAST),
          );
      likely[label] = logarithm;
      most = Math.max(most, logarithm);
    }
    let sum = 0;
    for (let label = 0; label < categories; label++) {
      likely[label] = Math.exp((likely[label] as number) - most);
      sum += likely[label] as number;
    }
    for (let label = 0; label < categories; label++) likely[label] = (likely[label] as number) / sum;
    total += items * (most + Math.log(sum));
  }
  return total;
}
