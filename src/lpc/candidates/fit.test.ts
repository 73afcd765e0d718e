import { describe, expect, it } from 'vitest';
import { normals, randomSource } from '#core/random.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import { type Matrix, matrix, rowOf } from '../warmStart/matrix.ts';
import { candidatesFor } from './candidates.ts';
import { balance, chooseCodes } from './choose.ts';
import {
  type Candidate,
  featuresOf,
  firstParameters,
  fitCandidate,
  lossAndGradient,
  predicted,
} from './fit.ts';

const drawn = (rows: number, columns: number, counter: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from(normals({ seed: 3, stream: 'test.candidates', counter }, rows * columns)),
});

const LATENT = { ...DEFAULT_LATENT, codes: 5 };
/** The balanced posterior is at rest: its own slope is left out on purpose. */
const differentiable = candidatesFor(LATENT).filter(({ aim }) => aim.kind !== 'balanced');

describe('slopes of a candidate', () => {
  it.each(differentiable.map((candidate) => [candidate.name, candidate] as const))(
    'are central differences of its loss: %s',
    (_, candidate: Candidate) => {
      const data = { prompts: drawn(9, 4, 0), differences: drawn(9, 3, 1) };
      const features = featuresOf(data);
      const parameters = firstParameters(data, candidate, 1);
      for (const [index, of] of Object.values(parameters).entries())
        for (const [at, value] of drawn(of.rows, of.columns, 10 + index).data.entries())
          of.data[at] = (of.data[at] ?? 0) + 0.2 * value;
      const lossAt = () => lossAndGradient(features, parameters, candidate, 0.4).loss;
      const { gradient } = lossAndGradient(features, parameters, candidate, 0.4);
      const random = randomSource({ seed: 1, stream: 'test.elements', counter: 0 });
      for (const [name, of] of Object.entries(parameters))
        for (let draw = 0; draw < 6; draw++) {
          const at = Math.floor(random.uniform() * of.data.length);
          const value = of.data[at] as number;
          of.data[at] = value + 1e-6;
          const above = lossAt();
          of.data[at] = value - 1e-6;
          const below = lossAt();
          of.data[at] = value;
          expect(gradient[name]?.data[at], name).toBeCloseTo((above - below) / 2e-6, 5);
        }
    },
  );
});

it('sparsemax is the nearest point of the simplex', () => {
  const logits: Matrix = { rows: 3, columns: 3, data: Float64Array.of(0.5, 0.2, 0, 2, 0, 0, 1, 1, -5) };
  chooseCodes('sparsemax', logits);
  const expected = [0.6, 0.3, 0.1, 1, 0, 0, 0.5, 0.5, 0];
  for (const [at, value] of expected.entries()) expect(logits.data[at]).toBeCloseTo(value, 12);
});

it('balancing uses every column alike and leaves each row a distribution', () => {
  const weights = drawn(40, 4, 5);
  for (const [at, value] of weights.data.entries()) weights.data[at] = Math.exp(value);
  balance(weights);
  for (let row = 0; row < 40; row++)
    expect(rowOf(weights, row).reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
  for (let k = 0; k < 4; k++) {
    const use = Array.from({ length: 40 }, (_, row) => rowOf(weights, row)[k] as number);
    expect(mean(use)).toBeCloseTo(0.25, 3);
  }
});

describe('on pairs whose prompts say which of two opposed tastes counts', () => {
  const n = 240;
  const prompts = drawn(n, 6, 20);
  const differences = matrix(n, 6);
  const noise = drawn(n, 6, 21);
  for (let row = 0; row < n; row++) {
    rowOf(differences, row).set(rowOf(noise, row));
    const taste = (rowOf(prompts, row)[0] as number) > 0 ? 1 : -1;
    rowOf(differences, row)[2] = taste * Math.abs(rowOf(noise, row)[2] as number);
  }
  it.each(['exact posterior', 'learnt posterior, λ 1', 'Sinkhorn, 4 codes', 'sparsemax', 'spectral start'])(
    'codes serve both: %s',
    async (name) => {
      const candidate = candidatesFor({ ...DEFAULT_LATENT, codes: 8, codeRidge: 1, priorRidge: 0.2 }).find(
        (one) => one.name === name,
      ) as Candidate;
      const parameters = await fitCandidate({ prompts, differences }, candidate, 1, async () => undefined);
      const { margins } = predicted(featuresOf({ prompts, differences }), parameters, candidate);
      expect(mean(margins.map((margin) => Number(margin > 0)))).toBeGreaterThan(0.9);
    },
  );
});
