import type { RandomSource } from '../random.ts';

/** Above this many expected, a binomial count is drawn as a rounded normal one: no percentile can tell them apart. */
const MANY = 1000;

/** Binomial(`trials`, `chance`), by inversion where the expected count is small. */
function binomial(trials: number, chance: number, source: RandomSource): number {
  if (trials === 0 || chance <= 0) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - binomial(trials, 1 - chance, source);
  const mean = trials * chance;
  if (mean > MANY) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * source.normal());
    return Math.min(trials, Math.max(0, drawn));
  }
  // Waiting times between successes are geometric: as many draws as there are successes.
  const logFailure = Math.log1p(-chance);
  let successes = 0;
  let passed = 0;
  for (;;) {
    passed += 1 + Math.floor(Math.log(source.uniform()) / logFailure);
    if (passed > trials) return successes;
    successes += 1;
  }
}

/** How often each combination comes when as many items are drawn anew with replacement, into `weights`. */
export function resampledWeights(
  observed: Float64Array,
  items: number,
  source: RandomSource,
  weights: Float64Array,
): void {
  let left = items;
  let share = items;
  for (const [place, count] of observed.entries()) {
    const drawn = binomial(left, count / share, source);
    weights[place] = drawn;
    left -= drawn;
    share -= count;
  }
}
