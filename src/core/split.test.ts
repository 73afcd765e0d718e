import { describe, expect, it } from 'vitest';
import { heldOutPrompts } from './split.ts';

const prompts = Array.from({ length: 1000 }, (_, index) => `prompt ${index}`);

describe('heldOutPrompts', () => {
  it('holds out about the share, the same every time', () => {
    const held = heldOutPrompts(prompts, 0.2, 7);
    // Binomial deviation √(1000·0.2·0.8) = 12.6.
    expect(Math.abs(held.size - 200)).toBeLessThan(50);
    expect(heldOutPrompts([...prompts].reverse(), 0.2, 7)).toEqual(held);
  });
  it('differs by seed', () => {
    const overlap = [...heldOutPrompts(prompts, 0.2, 7)].filter((key) =>
      heldOutPrompts(prompts, 0.2, 8).has(key),
    );
    expect(overlap.length).toBeLessThan(90);
  });
  it('moves no prompt across when others are added', () => {
    const before = heldOutPrompts(prompts.slice(0, 500), 0.2, 7);
    const after = heldOutPrompts(prompts, 0.2, 7);
    expect(prompts.slice(0, 500).filter((key) => after.has(key))).toEqual(
      prompts.slice(0, 500).filter((key) => before.has(key)),
    );
  });
  it('leaves something on both sides of a small set', () => {
    for (let seed = 0; seed < 30; seed++) {
      expect(heldOutPrompts(['a', 'b'], 0.01, seed).size).toBe(1);
      expect(heldOutPrompts(['a', 'b'], 0.9, seed).size).toBe(1);
    }
    expect(heldOutPrompts(['a'], 0.5, 1).size).toBe(0);
    expect(heldOutPrompts(prompts, 0, 1).size).toBe(0);
  });
});
