import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { normals } from '#core/random.ts';
import { goldenDir } from '../backbone/testModel.ts';
import { distribution, drawFrom, nextToken, penaliseRepetition } from './sampling.ts';

const PLAIN: Sampling = { ...DEFAULT_SAMPLING, temperature: 1, topP: 1 };

interface Case {
  readonly logits: readonly number[];
  readonly seen: readonly number[];
  readonly setting: Partial<Sampling>;
  readonly probabilities: readonly number[];
}
const { cases } = JSON.parse(readFileSync(join(goldenDir, 'sampling.json'), 'utf8')) as { cases: Case[] };

describe('transformers', () => {
  it.each(cases.map((one) => [`${one.logits.length} ${JSON.stringify(one.setting)}`, one] as const))(
    '%s',
    (_, { logits, seen, setting, probabilities }) => {
      const sampling = { ...PLAIN, ...setting };
      const scored = Float32Array.from(logits);
      penaliseRepetition(scored, seen, sampling.repetitionPenalty);
      const ours = distribution(scored, sampling);
      expect([...ours].map((value) => value > 0)).toEqual(probabilities.map((value) => value > 0));
      for (const [token, probability] of probabilities.entries())
        expect(ours[token]).toBeCloseTo(probability, 5);
    },
  );
});

describe('a draw', () => {
  const logits = normals({ seed: 1, stream: 'test', counter: 0 }, 200, 2);

  it('takes the likeliest token at temperature 0, after the penalty', () => {
    const key = { seed: 1, sample: 0, step: 0 };
    const greedy = { ...PLAIN, temperature: 0 };
    const { token } = nextToken(logits, greedy, [], key);
    expect(logits[token]).toBe(Math.max(...logits));
    const other = nextToken(logits, { ...greedy, repetitionPenalty: 10 }, [token], key);
    expect(other.token).not.toBe(token);
  });

  it('depends on seed, sample and step alone', () => {
    const draw = (seed: number, sample: number, step: number): number =>
      nextToken(logits, PLAIN, [], { seed, sample, step }).token;
    expect(draw(1, 2, 3)).toBe(draw(1, 2, 3));
    const series = (of: (at: number) => number): string =>
      Array.from({ length: 12 }, (_, at) => of(at)).join();
    const base = series((at) => draw(1, 0, at));
    expect(series((at) => draw(2, 0, at))).not.toBe(base);
    expect(series((at) => draw(1, 1, at))).not.toBe(base);
  });

  it('follows the distribution', () => {
    const few = Float32Array.from([0, Math.log(2), Math.log(5), -40]);
    const counts = [0, 0, 0, 0];
    for (let step = 0; step < 4000; step++) {
      const token = drawFrom(distribution(few, PLAIN), { seed: 4, sample: 0, step });
      counts[token] = (counts[token] as number) + 1;
    }
    for (const [token, share] of [1 / 8, 2 / 8, 5 / 8, 0].entries())
      expect((counts[token] as number) / 4000).toBeCloseTo(share, 1);
    expect(counts[3]).toBe(0);
  });

  it('gives the log-probability before penalty, temperature and cuts', () => {
    const cut: Sampling = { ...PLAIN, temperature: 0.5, topK: 3, repetitionPenalty: 2 };
    const { token, logp } = nextToken(logits, cut, [0, 1, 2], { seed: 1, sample: 0, step: 0 });
    expect(logp).toBeCloseTo(Math.log(distribution(logits, PLAIN)[token] as number), 5);
    expect(logits).toEqual(normals({ seed: 1, stream: 'test', counter: 0 }, 200, 2));
  });
});
