import { describe, expect, it } from 'vitest';
import { NominalAgreement } from './NominalAgreement.ts';

const agreementOf = (items: readonly string[][]): NominalAgreement => {
  const agreement = new NominalAgreement();
  for (const labels of items) agreement.add(labels);
  return agreement;
};

describe("Krippendorff's alpha", () => {
  // Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, missing data.
  it('is 0.743 for the example of its author', () => {
    const rows = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
      [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
    ];
    const items = Array.from({ length: 12 }, (_, item) =>
      rows.flatMap((row) => (row[item] === null ? [] : [String(row[item])])),
    );
    expect(agreementOf(items).alpha).toBeCloseTo(0.743, 3);
  });

  it('is 1 where all agree, null where nothing can be compared, and counts comparisons', () => {
    expect(
      agreementOf([
        ['a', 'a'],
        ['b', 'b', 'b'],
      ]).alpha,
    ).toBe(1);
    expect(agreementOf([['a'], ['b']]).alpha).toBeNull();
    expect(agreementOf([['a', 'a']]).alpha).toBeNull();
    const { compared, same } = agreementOf([['a', 'a', 'b'], ['b']]);
    expect([compared, same]).toEqual([3, 1]);
  });
});
