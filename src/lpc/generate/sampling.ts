/**
 * Which token comes next, from logits alone. Order and meaning of the steps are those of transformers: repetition
 * penalty, temperature, top-k, top-p, min-p.
 */
import type { Sampling } from '#core/generation.ts';
import { randomSource } from '#core/random.ts';

export type Cuts = Pick<Sampling, 'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty'>;

/** Token with the largest value; the first of several. */
function largestToken(values: Float32Array | Float64Array): number {
  let best = 0;
  for (let token = 1; token < values.length; token++)
    if ((values[token] as number) > (values[best] as number)) best = token;
  return best;
}

/** log Σ exp(logits). */
function logTotalOf(logits: Float32Array): number {
  const highest = logits[largestToken(logits)] as number;
  let total = 0;
  for (let other = 0; other < logits.length; other++) total += Math.exp((logits[other] as number) - highest);
  return highest + Math.log(total);
}

/** Divides the positive and multiplies the negative logits of tokens that are there already, in place. */
export function penaliseRepetition(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of seen) {
    const logit = logits[token] as number;
    logits[token] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** Above this many, sorting all is no slower than keeping the largest in order. */
const FEW = 256;

/** The k-th largest logit: what is below it goes, ties with it stay. */
function topKThreshold(logits: Float32Array, k: number): number {
  if (k <= 0 || k >= logits.length) return Number.NEGATIVE_INFINITY;
  if (k > FEW) return logits.toSorted()[logits.length - k] as number;
  const largest = new Float32Array(k).fill(Number.NEGATIVE_INFINITY);
  for (const logit of logits) {
    if (logit <= (largest[0] as number)) continue;
    let place = 0;
    for (; place + 1 < k && (largest[place + 1] as number) < logit; place++)
      largest[place] = largest[place + 1] as number;
    largest[place] = logit;
  }
  return largest[0] as number;
}

function makeSumOne(weights: Float64Array): void {
  let total = 0;
  for (let token = 0; token < weights.length; token++) total += weights[token] as number;
  for (let token = 0; token < weights.length; token++) weights[token] = (weights[token] as number) / total;
}

/** Leaves the smallest set of likeliest tokens that reach `topP`, and ties with its last; the likeliest always. */
function keepNucleus(probabilities: Float64Array, topP: number): void {
  // All below (1 − topP)/V together fall short of 1 − topP: they go without being sorted.
  const floor = (1 - topP) / probabilities.length;
  const likely = probabilities.filter((probability) => probability > floor).sort();
  let last = likely.length - 1;
  for (let reached = likely[last] as number; last > 0 && reached < topP; reached += likely[last] as number)
    last -= 1;
  const least = likely[last] as number;
  for (let token = 0; token < probabilities.length; token++)
    if ((probabilities[token] as number) < least) probabilities[token] = 0;
  makeSumOne(probabilities);
}

function keepAbove(probabilities: Float64Array, share: number): void {
  const highest = probabilities[largestToken(probabilities)] as number;
  for (let token = 0; token < probabilities.length; token++)
    if ((probabilities[token] as number) < share * highest) probabilities[token] = 0;
  makeSumOne(probabilities);
}

/** Probability of each token to be drawn, (V). `logits` have the penalty already; `temperature` above 0. */
export function distribution(
  logits: Float32Array,
  { temperature, topK, topP, minP }: Omit<Cuts, 'repetitionPenalty'>,
): Float64Array {
  const threshold = topKThreshold(logits, topK);
  const highest = logits[largestToken(logits)] as number;
  const probabilities = new Float64Array(logits.length);
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] as number;
    if (logit >= threshold) probabilities[token] = Math.exp((logit - highest) / temperature);
  }
  makeSumOne(probabilities);
  if (topP < 1) keepNucleus(probabilities, topP);
  if (minP > 0) keepAbove(probabilities, minP);
  return probabilities;
}

/** Where a draw is in its reply: noise is a function of these alone, whatever else is drawn beside it. */
export interface DrawKey {
  readonly seed: number;
  readonly sample: number;
  readonly step: number;
}

/** By inversion of the cumulative distribution with one uniform number. */
export function drawFrom(probabilities: Float64Array, { seed, sample, step }: DrawKey): number {
  const mark = randomSource({ seed, stream: `generate.${sample}`, counter: step }).uniform();
  let reached = 0;
  let last = 0;
  for (let token = 0; token < probabilities.length; token++) {
    const probability = probabilities[token] as number;
    if (probability === 0) continue;
    reached += probability;
    last = token;
    if (mark < reached) break;
  }
  return last;
}

/**
 * The next token, and its log-probability under the policy: before penalty, temperature and cuts. `logTotal` is
 * log Σ exp(logits), where it is known.
 */
export function nextToken(
  logits: Float32Array,
  sampling: Cuts,
  seen: Iterable<number>,
  key: DrawKey,
  logTotal: number = logTotalOf(logits),
): { readonly token: number; readonly logp: number } {
  let scored = logits;
  if (sampling.repetitionPenalty !== 1) {
    scored = logits.slice();
    penaliseRepetition(scored, seen, sampling.repetitionPenalty);
  }
  const token =
    sampling.temperature === 0 ? largestToken(scored) : drawFrom(distribution(scored, sampling), key);
  return { token, logp: (logits[token] as number) - logTotal };
}
