import { describe, expect, it } from 'vitest';
import { checkVariants, startingVariants, withAnother } from './variants.ts';

describe('the replies of a new pair', () => {
  it('start as two seeds under the prior', () => {
    const { variants } = checkVariants(startingVariants(), '128', 4);
    expect(variants?.map(({ sampling, codes }) => [sampling.seed, sampling.maxTokens, codes.mode])).toEqual([
      [1, 128, 'prior'],
      [2, 128, 'prior'],
    ]);
  });

  it('ask a plain policy for no codes', () => {
    expect(checkVariants(startingVariants(), '128', null).variants?.[0]?.codes).toEqual({ mode: 'none' });
  });

  it('put all weight on a code that is named', () => {
    const drafts = startingVariants().map((draft, place) => (place === 0 ? { ...draft, codes: '2' } : draft));
    expect(checkVariants(drafts, '128', 4).variants?.[0]?.codes).toEqual({
      mode: 'weights',
      weights: [0, 0, 1, 0],
    });
  });

  it('are refused where two would be the same text', () => {
    const same = startingVariants().map((draft) => ({ ...draft, seed: '5' }));
    expect(checkVariants(same, '128', 4).problems.get(2)).toMatch(/The same as reply 1/);
    const greedy = startingVariants().map((draft) => ({ ...draft, temperature: '0' }));
    expect(checkVariants(greedy, '128', 4).problems.get(2)).toMatch(/The same as reply 1/);
    // Without a codebook, codes make no difference.
    const codes = same.map((draft, place) => ({ ...draft, codes: String(place) }));
    expect(checkVariants(codes, '128', null).variants).toBeNull();
    expect(checkVariants(codes, '128', 4).variants).not.toBeNull();
  });

  it('say which of them is wrong', () => {
    const wrong = startingVariants().map((draft, place) =>
      place === 1 ? { ...draft, temperature: 'x' } : draft,
    );
    expect([...checkVariants(wrong, '128', 4).problems.keys()]).toEqual([2]);
    expect(checkVariants(startingVariants(), '0', 4).problems.has(0)).toBe(true);
  });

  it('get a seed of their own', () => {
    expect(withAnother(startingVariants()).map(({ seed, key }) => [seed, key])).toEqual([
      ['1', 1],
      ['2', 2],
      ['3', 3],
    ]);
  });
});
