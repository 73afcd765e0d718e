import { describe, expect, it } from 'vitest';
import { randomSource } from '../random.ts';
import { recoveryOf } from './recovery.ts';

const oneHot = (strongest: readonly number[], codes: number): number[] =>
  strongest.flatMap((code) => Array.from({ length: codes }, (_, other) => (other === code ? 1 : 0)));
const random = randomSource({ seed: 1, stream: 'recovery', counter: 0 });
const factors = Array.from({ length: 400 }, () => `f${random.integer(4)}`);
const numberOf = (factor: string): number => Number(factor.slice(1));

describe('recoveryOf', () => {
  it('is 1 where codes tell the factor, however many share one', () => {
    const codes = factors.map((factor, index) => 2 * numberOf(factor) + (index % 2));
    const { topCode, soft } = recoveryOf(oneHot(codes, 8), 8, factors);
    expect(topCode).toBeGreaterThan(0.99);
    expect(soft).toBeCloseTo(1, 6);
  });

  it('is half where two codes stand for two factors each', () => {
    const even = Array.from({ length: 400 }, (_, index) => `f${index % 4}`);
    const codes = even.map((factor) => numberOf(factor) >> 1);
    expect(recoveryOf(oneHot(codes, 2), 2, even).soft).toBeCloseTo(0.5, 6);
  });

  it('takes the bias of counting out of codes that know nothing', () => {
    const codes = factors.map(() => random.integer(32));
    const { topCode, soft } = recoveryOf(oneHot(codes, 32), 32, factors);
    expect(soft).toBeGreaterThan(0.06);
    expect(topCode).toBeLessThan(soft / 2);
  });

  it('counts a strongest code that is hardly stronger by what it says, not by its place', () => {
    const weights = factors.flatMap((factor) => (numberOf(factor) < 2 ? [0.51, 0.49] : [0.49, 0.51]));
    const { value, topCode, soft } = recoveryOf(weights, 2, factors);
    expect(topCode).toBeGreaterThan(0.45);
    expect(soft).toBeLessThan(0.001);
    expect(value).toBe(soft);
  });

  it('is 0 with one constant code, and refuses rows that do not fit', () => {
    expect(
      recoveryOf(
        oneHot(
          factors.map(() => 3),
          8,
        ),
        8,
        factors,
      ).value,
    ).toBe(0);
    expect(() => recoveryOf([0.5, 0.5], 2, factors)).toThrow(RangeError);
  });
});
