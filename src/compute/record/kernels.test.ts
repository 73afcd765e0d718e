import { describe, expect, it } from 'vitest';
import { gap, gradientOf } from './parity.ts';
import { PLAIN } from './plainCases.ts';
import { SMOOTH } from './smoothCases.ts';

describe('recorded kernels', () => {
  it.each(Object.entries(SMOOTH))('%s: value and gradient agree with tfjs', async (title, each) => {
    expect(await gap(title, each)).toBeLessThan(2e-6);
    expect(await gap(title, each, gradientOf(each.build))).toBeLessThan(5e-6);
  });
  it.each(Object.entries(PLAIN))('%s: agrees with tfjs', async (title, each) => {
    expect(await gap(title, each)).toBeLessThan(2e-6);
  });
});
