/** An order of codes in which those that fire on the same prompts stand beside each other. Pure. */

/** Products of two weights that are summed at most: of many prompts every n-th is read. */
const MOST_PRODUCTS = 2e8;

/** Cosine of two codes over the prompts that are read, codes × codes; 0 where a code has no weight at all. */
function cosines(weights: ArrayLike<number>, codes: number): Float64Array {
  const rows = weights.length / codes;
  const every = Math.max(1, Math.ceil((rows * codes * codes) / 2 / MOST_PRODUCTS));
  const products = new Float64Array(codes * codes);
  for (let row = 0; row < rows; row += every) {
    const start = row * codes;
    for (let one = 0; one < codes; one++) {
      const weight = weights[start + one] as number;
      for (let other = one; other < codes; other++)
        products[one * codes + other]! += weight * (weights[start + other] as number);
    }
  }
  const norm = (code: number) => Math.sqrt(products[code * codes + code] as number);
  for (let one = 0; one < codes; one++)
    for (let other = one + 1; other < codes; other++) {
      const size = norm(one) * norm(other);
      products[one * codes + other] = size > 0 ? (products[one * codes + other] as number) / size : 0;
    }
  return products;
}

/**
 * `chosen` codes in a row: the most similar pair is joined first, then the next whose codes both stand at an end of what was joined
 * (greedy path). Ties go to the lower numbers. `weights` is rows × codes, row-major.
 */
export function orderBySimilarity(
  weights: ArrayLike<number>,
  codes: number,
  chosen: readonly number[],
): readonly number[] {
  const cosine = cosines(weights, codes);
  const pairs = chosen.flatMap((one, at) =>
    chosen.slice(at + 1).map((other) => {
      const [low, high] = one < other ? [one, other] : [other, one];
      return { low, high, cosine: cosine[low * codes + high] as number };
    }),
  );
  pairs.sort((a, b) => b.cosine - a.cosine || a.low - b.low || a.high - b.high);
  const chainOf = new Map(chosen.map((code) => [code, [code]]));
  for (const { low, high } of pairs) {
    const [left, right] = [chainOf.get(low) as number[], chainOf.get(high) as number[]];
    const isEnd = (chain: readonly number[], code: number) => chain[0] === code || chain.at(-1) === code;
    if (left === right || !isEnd(left, low) || !isEnd(right, high)) continue;
    if (left.at(-1) !== low) left.reverse();
    if (right[0] !== high) right.reverse();
    left.push(...right);
    for (const code of right) chainOf.set(code, left);
    if (left.length === chosen.length) break;
  }
  const whole = chainOf.get(chosen[0] ?? -1) ?? [];
  // The same row from both sides: it begins with the lower number.
  return (whole[0] ?? 0) > (whole.at(-1) ?? 0) ? [...whole].reverse() : whole;
}
