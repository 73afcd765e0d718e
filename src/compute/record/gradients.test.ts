import { describe, expect, it } from 'vitest';
import { tf } from '../index.ts';
import { evaluate } from './float64/evaluate.ts';
import { type Build, gradientOf, programOf, randomNumbers, weightedSum } from './parity.ts';
import { recordProgram } from './recorder.ts';
import { SMOOTH } from './smoothCases.ts';

const STEP = 1e-5;
const TOLERANCE = 1e-3;

describe('recorded gradients in float64', () => {
  it.each(Object.entries(SMOOTH))('%s: central differences agree', (title, { shapes, build, range }) => {
    const specs = shapes.map((shape) => ({ shape, dtype: 'float32' as const }));
    const graphOf = (made: Build) =>
      recordProgram(programOf(title, specs, made), { state: {}, constants: {} });
    const [forward, backward] = [graphOf((...xs) => weightedSum(build)(...xs)), graphOf(gradientOf(build))];
    const next = randomNumbers(title.length * 31 + 7);
    const [low, high] = range ?? [-2, 2];
    const inputs = Object.fromEntries(
      shapes.map((shape, index) => {
        const length = tf.util.sizeFromShape([...shape]);
        return [`x${index}`, Float64Array.from({ length }, () => low + next() * (high - low))];
      }),
    );
    const gradients = evaluate(backward, inputs);
    const loss = (): number => evaluate(forward, inputs).y0!.data[0]!;
    for (const [index, values] of Object.values(inputs).entries()) {
      const gradient = gradients[`y${index}`]!.data;
      for (const [at, value] of values.entries()) {
        values[at] = value + STEP;
        const above = loss();
        values[at] = value - STEP;
        const below = loss();
        values[at] = value;
        const difference = (above - below) / (2 * STEP);
        expect(Math.abs(gradient[at]! - difference)).toBeLessThanOrEqual(
          TOLERANCE * Math.max(1, Math.abs(difference)),
        );
      }
    }
  });
});
