import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type AgreementFigures, agreementFigures } from '#core/raters/agreementFigures.ts';
import { type Label, NO_LABEL, Ratings } from '#core/raters/ratings.ts';
import { absent, needing } from '#disk/testNeeds.ts';

interface Golden {
  readonly order: readonly number[];
  readonly figures: Readonly<
    Record<'items' | 'raw' | 'alpha' | 'ordinal' | 'fleiss' | 'ac1' | 'cohen', number>
  > & {
    readonly cohenByCouple: readonly number[];
    readonly fleissByStatsmodels?: number;
  };
}
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tests/golden/agreement.json'), 'utf8'),
) as { made: Golden & { readonly labels: readonly (readonly Label[])[] }; pandalm: Golden };

function asked(items: readonly (readonly Label[])[], categories: number, order: readonly number[]) {
  const nominal = new Ratings(categories);
  const scale = new Ratings(categories);
  for (const item of items) {
    nominal.add(item);
    scale.add(item.map((label) => (label === NO_LABEL ? NO_LABEL : order.indexOf(label))));
  }
  return { nominal, scale };
}
const options = (raters: number, resamples = 0) => ({ raters, seed: 1, resamples });

function agrees(found: AgreementFigures, { figures }: Golden): void {
  expect(found.items).toBe(figures.items);
  for (const name of ['raw', 'alpha', 'ordinal', 'cohen'] as const)
    expect(found[name].value, name).toBeCloseTo(figures[name], 10);
  // The other program gives five digits of these.
  for (const name of ['fleiss', 'ac1'] as const)
    expect(found[name].value, name).toBeCloseTo(figures[name], 4);
  if (figures.fleissByStatsmodels !== undefined)
    expect(found.fleiss.value).toBeCloseTo(figures.fleissByStatsmodels, 10);
}

describe('coefficients', () => {
  const { labels, order, figures } = golden.made;
  const items = labels[0]?.map((_, item) => labels.map((row) => row[item] ?? NO_LABEL)) ?? [];

  it('are those of other programs where labels are missing', () => {
    const question = asked(items, 4, order);
    agrees(agreementFigures(question, options(4)), golden.made);
    const couples = [0, 1, 2, 3].flatMap((one) =>
      [1, 2, 3].filter((other) => other > one).map((other) => [one, other]),
    );
    for (const [place, [one = 0, other = 0]] of couples.entries()) {
      const nominal = question.nominal.ofTwo(one, other);
      const two = agreementFigures({ nominal, scale: null }, options(2));
      expect(two.cohen.value).toBeCloseTo(figures.cohenByCouple[place] ?? Number.NaN, 10);
    }
  });

  it('are not given where they are not defined, and full agreement is 1', () => {
    const alike = (sets: readonly (readonly Label[])[]) =>
      agreementFigures(asked(sets, 2, [0, 1]), options(2, 50));
    expect(alike([[0, NO_LABEL]])).toMatchObject({ items: 0, raw: { value: null }, ac1: { value: null } });
    const one = alike([
      [1, 1],
      [1, 1],
    ]);
    expect(one).toMatchObject({
      raw: { value: 1 },
      alpha: { value: null },
      cohen: { value: null },
      ac1: { value: 1 },
    });
    const full = alike([
      [1, 1],
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
    for (const name of ['raw', 'alpha', 'ordinal', 'cohen', 'fleiss', 'ac1'] as const)
      expect(full[name].value, name).toBeCloseTo(1, 12);
  });
});

const file = resolve(import.meta.dirname, '../../../../shared/data/raw/WeOpenML_PandaLM/testset-v1.json.gz');

describe('three people on 999 real pairs', needing(absent(join(file, '..'))), () => {
  const read = (): Label[][] => {
    const rows = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Record<string, number>[];
    return rows.map((row) => [1, 2, 3].map((rater) => row[`annotator${rater}`] ?? NO_LABEL));
  };

  it('agree as other programs say', () => {
    agrees(agreementFigures(asked(read(), 3, golden.pandalm.order), options(3)), golden.pandalm);
  });

  it('have intervals that hold the value and narrow with more items, the same for the same seed', () => {
    const items = read();
    const all = agreementFigures(asked(items, 3, golden.pandalm.order), options(3, 400));
    const some = agreementFigures(asked(items.slice(0, 100), 3, golden.pandalm.order), options(3, 400));
    expect(agreementFigures(asked(items, 3, golden.pandalm.order), options(3, 400))).toEqual(all);
    for (const name of ['raw', 'cohen', 'fleiss', 'alpha', 'ordinal', 'ac1'] as const) {
      const { value, low, high } = all[name];
      expect(low as number).toBeLessThan(value as number);
      expect(high as number).toBeGreaterThan(value as number);
      const width = (high as number) - (low as number);
      expect(width).toBeLessThan((some[name].high as number) - (some[name].low as number));
    }
    // By the normal approximation: 1.96 · √(Var of an item's share of same comparisons / 999).
    const shares = items.map(([a, b, c]) => [a === b, a === c, b === c].filter(Boolean).length / 3);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1);
    const half = 1.96 * Math.sqrt(variance / shares.length);
    expect(((all.raw.high as number) - (all.raw.low as number)) / 2 / half).toBeCloseTo(1, 0.5);
  });
});
