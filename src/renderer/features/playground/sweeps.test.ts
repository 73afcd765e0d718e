import { describe, expect, it } from 'vitest';
import type { RunOf } from './lanes.ts';
import { livingCodes, planSweep, planWeightSweep } from './sweeps.ts';

const NONE: ReadonlySet<number> = new Set();
const run = {
  id: 4,
  name: 'Run 4',
  modelId: 1,
  checkpoints: [
    { kind: 'last', step: 9 },
    { kind: 'best', step: 5 },
  ],
  config: { latent: { kind: 'codebook', codes: 4 } },
} as RunOf['run'];
const weightsOf = (plans: ReturnType<typeof planSweep>) =>
  plans.map(
    ({ codes }) => codes.mode === 'weights' && codes.weights.map((weight) => Number(weight.toFixed(4))),
  );

describe('a sweep over codes', () => {
  it('takes the strongest alone, after the prior’s own reply', () => {
    const plans = planSweep({ run }, [0.2, 0.7, 0.1], NONE, 2);
    expect(planSweep({ run, checkpoint: 'best' }, [1], NONE, 1)[0]).toMatchObject({
      of: 'Run 4, best of step 5',
      policy: { runId: 4, checkpoint: 'best' },
    });
    expect(plans.map(({ title }) => title)).toEqual(['Aligned', 'Code 1 alone', 'Code 0 alone']);
    expect(plans[1]?.codes).toEqual({ mode: 'weights', weights: [0, 1, 0] });
    expect(new Set(plans.map(({ key }) => key)).size).toBe(3);
  });

  it('leaves dead codes out, however much this one prompt gives them', () => {
    const plans = planSweep({ run }, [0.2, 0.7, 0.1], new Set([1]));
    expect(plans.map(({ code }) => code)).toEqual([null, 0, 2]);
    expect(livingCodes([0.1, 0.1, 0.8], new Set([2]))).toEqual([0, 1]);
  });

  it('compares the only code in use with z off: mixes of one code are all the same', () => {
    const prior = [0.2, 0.7, 0.1];
    const dead = new Set([0, 2]);
    for (const plans of [planSweep({ run }, prior, dead), planWeightSweep({ run }, prior, 1, dead)]) {
      expect(plans.map(({ title }) => title)).toEqual(['z off', 'Code 1 alone']);
      expect(plans.map(({ codes }) => codes)).toEqual([
        { mode: 'none' },
        { mode: 'weights', weights: [0, 1, 0] },
      ]);
      expect(new Set(plans.map(({ key }) => key)).size).toBe(2);
    }
  });
});

describe('a sweep over one weight', () => {
  it('goes from 0 to 1, and the others in use share the rest as the prior has them', () => {
    const plans = planWeightSweep({ run }, [0.1, 0.4, 0.3, 0.2], 3, new Set([0]));
    // By hand: codes 1 and 2 share 1 − w as 4 : 3.
    expect(weightsOf(plans)).toEqual([
      [0, 0.5714, 0.4286, 0],
      [0, 0.4286, 0.3214, 0.25],
      [0, 0.2857, 0.2143, 0.5],
      [0, 0.1429, 0.1071, 0.75],
      [0, 0, 0, 1],
    ]);
    expect(plans.map(({ title }) => title)).toEqual([
      'Code 3 at 0.00',
      'Code 3 at 0.25',
      'Code 3 at 0.50',
      'Code 3 at 0.75',
      'Code 3 at 1.00',
    ]);
    expect(plans[0]?.note).toBe('code 1 0.57, code 2 0.43');
    expect(plans[4]?.note).toBe('nothing else');
  });

  it('can be of a dead code too, where a person asks for it', () => {
    const plans = planWeightSweep({ run }, [0.5, 0.5, 0, 0], 2, new Set([2, 3]));
    expect(weightsOf(plans)[2]).toEqual([0.25, 0.25, 0.5, 0]);
  });
});
