import { expect, it } from 'vitest';
import { CRITERIA } from '#core/queueNeed.ts';
import { randomSource } from '#core/random.ts';
import type { NeedColumns } from './needColumns.ts';
import { needOrder } from './needOrder.ts';

/** The mean over criteria of the share of pairs that are needed no more, written out. */
function written(ids: readonly number[], columns: NeedColumns): number[] {
  const urgency = (id: number): number => {
    const said = CRITERIA.flatMap((criterion) => {
      const values = columns[criterion];
      const own = values[id] as number;
      if (Number.isNaN(own)) return [];
      const known = ids.map((one) => values[one] as number).filter((value) => !Number.isNaN(value));
      const small = criterion === 'margin' || criterion === 'codes';
      const before = known.filter((value) => (small ? value < own : value > own)).length;
      return [1 - before / known.length];
    });
    return said.length === 0 ? -1 : said.reduce((sum, one) => sum + Math.fround(one), 0) / said.length;
  };
  return [...ids].sort(
    (one, other) => Math.fround(urgency(other)) - Math.fround(urgency(one)) || one - other,
  );
}

it.each([
  ['few different values', 7],
  ['more than are counted', 1e9],
])('orders by the mean place, with %s', (_, different) => {
  const count = different > 100 ? 9000 : 300;
  const source = randomSource({ seed: 3, stream: 'need', counter: 0 });
  const column = (share: number): Float32Array =>
    Float32Array.from({ length: count + 1 }, () => {
      const isKnown = source.uniform() < share;
      const value = Math.floor(source.uniform() * different) / 8;
      return isKnown ? value : Number.NaN;
    });
  const [margin, entropy, gap] = [column(0.5), column(1), column(0.1)];
  const none = new Float32Array(count + 1).fill(Number.NaN);
  const columns = { margin, entropy, gap, codes: none, disagreement: none, code: none };
  const all = Array.from({ length: count }, (__, at) => at + 1);
  const ids = different > 100 ? all.slice(0, 1200) : all;
  const { ids: found, need } = needOrder(Uint32Array.from(different > 100 ? all : ids), columns, CRITERIA);
  if (different > 100) {
    // Of all, by one criterion: every value is there once, so that the order is that of the values.
    const one = needOrder(Uint32Array.from(all), columns, ['entropy']).ids;
    expect([...one]).toEqual(
      [...all].sort((x, y) => (entropy[y] as number) - (entropy[x] as number) || x - y),
    );
    expect(found).toHaveLength(count);
    return;
  }
  expect([...found]).toEqual(written(ids, columns));
  expect(need.entropy[0]).toBe(entropy[found[0] as number]);
});
