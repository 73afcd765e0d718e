import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dawidSkene, mostLikely } from '#core/raters/dawidSkene.ts';
import { type Label, NO_LABEL } from '#core/raters/ratings.ts';
import { absent, needing } from '#disk/testNeeds.ts';

interface Golden {
  /** By rater. */
  readonly labels: readonly (readonly Label[])[];
  readonly categories: number;
  readonly truth: readonly (readonly number[])[];
  readonly confusion: readonly (readonly (readonly number[])[])[];
  readonly prior: readonly number[];
}
/** Of three people on real pairs: the sum of each label's probability, and every fiftieth pair's. */
interface Real extends Pick<Golden, 'confusion' | 'prior'> {
  readonly sums: readonly number[];
  readonly every50: readonly (readonly number[])[];
}
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tests/golden/dawid-skene.json'), 'utf8'),
) as { pandalm: Real; four: Golden; flipped: Golden & { readonly sides: readonly number[] } };

/** One pattern an item, in their order. */
const itemsOf = ({ labels }: Golden) =>
  (labels[0] ?? []).map((_, item) => ({ labels: labels.map((rater) => rater[item] ?? NO_LABEL), items: 1 }));
const fitted = (given: Golden, smoothing = 0) =>
  dawidSkene(itemsOf(given), {
    raters: given.labels.length,
    categories: given.categories,
    iterations: 2000,
    tolerance: 0,
    smoothing,
  });

const file = resolve(import.meta.dirname, '../../../../shared/data/raw/WeOpenML_PandaLM/testset-v1.json.gz');

describe('Dawid and Skene', () => {
  it.each(['four', 'flipped'] as const)(
    'finds truth, shares and confusions of another program: %s',
    (name) => {
      const given = golden[name];
      const { truth, prior, confusion } = fitted(given);
      const near = (found: ArrayLike<number>, wanted: readonly number[], what: string) => {
        for (const [place, value] of wanted.entries())
          expect(found[place], `${what}, ${place}`).toBeCloseTo(value, 5);
      };
      near(prior, given.prior, 'prior');
      for (const [item, wanted] of given.truth.entries()) near(truth[item] ?? [], wanted, `item ${item}`);
      for (const [rater, rows] of given.confusion.entries())
        near(confusion[rater] ?? [], rows.flat(), `rater ${rater}`);
    },
  );

  it('finds the rater who says the opposite, and is right where most are wrong', () => {
    const { flipped } = golden;
    const { labelled, right: rights, truth } = fitted(flipped, 0.01);
    const accuracy = rights.map((count, rater) => count / (labelled[rater] as number));
    // Made up with 0.9, 0.85, 0.8, 0.85 and 0.3: four standard errors of 120 items.
    for (const [rater, made] of [0.9, 0.85, 0.8, 0.85, 0.3].entries())
      expect(Math.abs((accuracy[rater] as number) - made)).toBeLessThan(
        4 * Math.sqrt((made * (1 - made)) / 120),
      );
    expect(accuracy.indexOf(Math.min(...accuracy))).toBe(4);
    const right = (labels: readonly number[]) =>
      labels.filter((label, item) => label === flipped.sides[item]).length;
    const byMost = itemsOf(flipped).map(({ labels }) =>
      labels.filter((label) => label === 1).length * 2 > labels.length ? 1 : 0,
    );
    expect(right(truth.map(mostLikely))).toBeGreaterThan(right(byMost));
  });

  it('weighs a combination by how often it occurs', () => {
    const options = { raters: 3, categories: 2 };
    const each = [
      { labels: [0, 0, 1], items: 3 },
      { labels: [1, 1, 1], items: 4 },
      { labels: [0, 1, 0], items: 1 },
    ];
    const spread = each.flatMap(({ labels, items }) =>
      Array.from({ length: items }, () => ({ labels, items: 1 })),
    );
    const counts = (items: typeof each) => {
      const { labelled, right } = dawidSkene(items, options);
      return { labelled, right: right.map((value) => value.toFixed(6)) };
    };
    expect(counts(each)).toEqual(counts(spread));
    expect(counts(each).labelled).toEqual([8, 8, 8]);
  });

  it('says nothing of one who labelled nothing, nor of no items', () => {
    const found = dawidSkene([{ labels: [0, 0, NO_LABEL], items: 5 }], { raters: 3, categories: 2 });
    expect(found.labelled).toEqual([5, 5, 0]);
    expect(found.right[0]).toBeCloseTo(5, 1);
    expect(dawidSkene([], { raters: 2, categories: 2 }).labelled).toEqual([0, 0]);
  });
});

describe('three people on 999 real pairs', needing(absent(join(file, '..'))), () => {
  it('have the truth, shares and confusions that another program finds', () => {
    const rows = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Record<string, number>[];
    const patterns = rows.map((row) => ({
      labels: [1, 2, 3].map((rater) => row[`annotator${rater}`] ?? NO_LABEL),
      items: 1,
    }));
    // Each ends where its likelihood rises no more in double precision: there it is flat to some 1e-4 of a parameter.
    const options = { raters: 3, categories: 3, iterations: 2000, tolerance: 0, smoothing: 0 };
    const { truth, prior, confusion } = dawidSkene(patterns, options);
    const { pandalm } = golden;
    const near = (found: ArrayLike<number>, wanted: readonly number[], digits: number) => {
      for (const [place, value] of wanted.entries()) expect(found[place]).toBeCloseTo(value, digits);
    };
    near(prior, pandalm.prior, 3);
    for (const [rater, wanted] of pandalm.confusion.entries()) near(confusion[rater] ?? [], wanted.flat(), 3);
    const sums = [0, 1, 2].map((label) => truth.reduce((sum, item) => sum + (item[label] ?? 0), 0));
    near(sums, pandalm.sums, 0);
    for (const [place, wanted] of pandalm.every50.entries()) near(truth[place * 50] ?? [], wanted, 3);
  });
});
