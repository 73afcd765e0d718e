import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { planRuns, readAxis, readSeeds, SWEPT_FIELDS, valueAt } from './sweep.ts';

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { failure: { code: string } }).failure.code;
  }
  return 'none';
};

describe('values of a setting', () => {
  it('are a list as it is written', () => {
    expect(readAxis('learningRate', '1e-4, 0.001,3e-3').values).toEqual([0.0001, 0.001, 0.003]);
    expect(readAxis('schedule', 'cosine,linear').values).toEqual(['cosine', 'linear']);
    expect(readAxis('epochs', 'null,2').values).toEqual([null, 2]);
    expect(readAxis('latent.gumbelNoise', 'true,false').values).toEqual([true, false]);
  });

  it('are spread evenly, or by a constant factor, with both ends', () => {
    expect(readAxis('beta', '0.1..0.5:5').values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(readAxis('beta', '0.5..0.1:3:lin').values).toEqual([0.5, 0.3, 0.1]);
    expect(readAxis('learningRate', '1e-4..1e-2:5:log').values).toEqual([
      0.0001, 0.000316228, 0.001, 0.00316228, 0.01,
    ]);
    // 8 · 8^(i/3), whole since codes are counted.
    expect(readAxis('latent.codes', '8..64:4:log').values).toEqual([8, 16, 32, 64]);
    expect(readAxis('latent.codes', '8..64:3:log').values).toEqual([8, 23, 64]);
  });

  it.each([
    ['learningrat', '1', 'sweep.unknown-setting'],
    ['seed', '1,2', 'sweep.unknown-setting'],
    ['loraTargets', 'q_proj', 'sweep.unknown-setting'],
    ['learningRate', ' ', 'sweep.no-values'],
    ['learningRate', '1,,2', 'sweep.no-values'],
    ['learningRate', '1,1', 'sweep.twice'],
    ['loraRank', '1..2:9', 'sweep.twice'],
    ['learningRate', '0..1:5:log', 'sweep.bad-range'],
    ['learningRate', '1..2:1', 'sweep.bad-range'],
    ['learningRate', '1..2:1000000000', 'sweep.bad-range'],
    ['learningRate', 'a..b:3', 'sweep.bad-range'],
  ])('of %s = “%s” are refused by %s', (field, text, expected) => {
    expect(code(() => readAxis(field, text))).toBe(expected);
  });

  it('belong to settings that there are, each with one value', () => {
    expect(SWEPT_FIELDS).toContain('latent.klWeight');
    for (const field of SWEPT_FIELDS) expect(valueAt(DEFAULT_RUN, field), field).not.toBeUndefined();
  });
});

it('reads seeds as a list or from one to another', () => {
  expect(readSeeds('1, 5,3')).toEqual([1, 5, 3]);
  expect(readSeeds('2..4')).toEqual([2, 3, 4]);
  for (const text of ['', '1,1', '-1', '1.5', '4..2', '4294967296', 'x'])
    expect(
      code(() => readSeeds(text)),
      text,
    ).toBe('sweep.bad-seeds');
});

describe('the runs of a sweep', () => {
  const axis = (field: string, ...values: (number | string)[]) => ({ field, values });

  it('are each value with each other and with each seed, all else as it was', () => {
    const planned = planRuns(DEFAULT_RUN, [axis('beta', 0.1, 0.2), axis('latent.codes', 8, 16)], [1, 2]);
    expect(planned).toHaveLength(8);
    expect(planned[0]).toEqual({
      words: 'beta 0.1, latent.codes 8, seed 1',
      config: { ...DEFAULT_RUN, beta: 0.1, seed: 1, latent: { ...DEFAULT_RUN.latent, codes: 8 } },
    });
    expect(planned.map(({ words }) => words).at(-1)).toBe('beta 0.2, latent.codes 16, seed 2');
  });

  it.each([
    ['sweep.bad-axes', [], [1]],
    ['sweep.bad-axes', [axis('beta', 1, 2), axis('beta', 3, 4)], [1]],
    ['sweep.bad-axes', [axis('beta', 1), axis('steps', 1), axis('loraRank', 1)], [1]],
    ['sweep.one-run', [axis('beta', 1)], [1]],
    ['sweep.too-many', [axis('beta', ...Array.from({ length: 101 }, (_, index) => 1 + index))], [1, 2]],
    ['sweep.bad-value', [axis('beta', 0.1, -1)], [1]],
    ['sweep.bad-value', [axis('schedule', 'cosine', 'steep')], [1]],
    // Broken by a rule between settings, not by a bound.
    ['sweep.bad-value', [axis('evaluateEvery', 0, 5)], [1]],
    ['sweep.unknown-setting', [axis('colour', 1, 2)], [1]],
  ] as const)('are refused by %s', (expected, axes, seeds) => {
    const config = { ...DEFAULT_RUN, earlyStoppingPatience: 2 };
    expect(code(() => planRuns(config, axes as never, seeds))).toBe(expected);
  });

  it('are refused where a setting of the latent is swept without one', () => {
    const plain = { ...DEFAULT_RUN, latent: null };
    expect(code(() => planRuns(plain, [axis('latent.codes', 8, 16)], [1]))).toBe('sweep.no-latent');
  });

  it('are refused in words that name setting and value', () => {
    expect(() => planRuns(DEFAULT_RUN, [axis('beta', 0.1, -1)], [1])).toThrow(
      'beta -1: More than 0, please.',
    );
  });
});
