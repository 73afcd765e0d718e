import { describe, expect, it } from 'vitest';
import { normals } from '#core/random.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import { type Matrix, rowOf } from '../warmStart/matrix.ts';
import { fitJudge, foldOfPrompts, marginsBy, pairsAt } from './outOfFold.ts';

const drawn = (rows: number, columns: number, counter: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from(normals({ seed: 5, stream: 'test.audit', counter }, rows * columns)),
});

describe('folds', () => {
  const prompts = Array.from({ length: 60 }, (_, pair) => `prompt ${pair % 20}`);
  const foldOf = foldOfPrompts(prompts, 5, 3);

  it('deal prompts evenly, by the seed', () => {
    const sizes = [0, 1, 2, 3, 4].map((fold) => [...foldOf.values()].filter((own) => own === fold).length);
    expect(sizes).toEqual([4, 4, 4, 4, 4]);
    expect(foldOfPrompts(prompts, 5, 3)).toEqual(foldOf);
    expect(foldOfPrompts(prompts, 5, 4)).not.toEqual(foldOf);
  });

  it('say so where there are too few prompts', () => {
    expect(() => foldOfPrompts(prompts.slice(0, 11), 5, 3)).toThrow(/11 different prompts/);
  });
});

it('finds the labels that were turned round, of prompts that its fit does not know', () => {
  const pairs = 300;
  const [prompts, differences] = [drawn(pairs, 6, 1), drawn(pairs, 6, 2)];
  for (let pair = 0; pair < pairs; pair++) {
    const [cue, difference] = [rowOf(prompts, pair), rowOf(differences, pair)];
    // What is preferred along the first direction depends on the sign of the prompt's first number.
    const wanted = Math.sign(cue[0] as number) * (pair % 10 === 0 ? -1 : 1);
    difference[0] = wanted * (1 + Math.abs(difference[0] as number));
    cue[0] = (cue[0] as number) + Math.sign(cue[0] as number);
  }
  const all = { prompts, differences, promptIds: Array.from({ length: pairs }, (_, pair) => `${pair}`) };
  const latent = { ...DEFAULT_LATENT, codes: 4, promptDirections: 6, codeDirections: 6 };
  const half = [...all.promptIds.keys()];
  const [known, unknown] = [half.slice(0, 200), half.slice(200)];
  const margins = marginsBy(fitJudge(pairsAt(all, known), latent, 1), pairsAt(all, unknown));
  const least = [...margins.keys()].sort((a, b) => (margins[a] as number) - (margins[b] as number));
  const found = least.slice(0, 10).filter((place) => (unknown[place] as number) % 10 === 0);
  expect(found.length).toBeGreaterThanOrEqual(9);
});
