import { expect, it } from 'vitest';
import { backboneSteps, overfitting, unevenBackbones, worseThanUntrained } from './fitFindings.ts';
import { DEFAULT_RUN, type RunConfig } from './runConfig.ts';
import { evaluationFrame, stepFrame } from './testFrames.ts';

const config: RunConfig = { ...DEFAULT_RUN, steps: 400 };
const history = (losses: readonly number[], training: number, changed: Partial<RunConfig> = {}) => ({
  config: { ...config, ...changed },
  steps: Array.from({ length: 10 }, (_, index) => stepFrame({ step: 391 + index, preferenceLoss: training })),
  evaluations: losses.map((loss, index) =>
    evaluationFrame({ step: (400 * (index + 1)) / losses.length, loss, accuracy: 0.6 }),
  ),
});

it('says that held-out pairs are worse than untrained, with where they were best', () => {
  expect(worseThanUntrained(history([0.68, 0.66, 0.71], 0.5))).toBeNull();
  const finding = worseThanUntrained(history([0.68, 0.66, 0.9, 1.2], 0.1));
  expect(finding?.message).toContain('1.200, above the ln 2 = 0.693');
  expect(finding?.suggestion).toMatchObject({ field: 'steps', value: 200 });
  expect(finding?.fix).toBe('Stop where it was best, at step 200 (0.660).');
  // Never better: fewer steps would not help.
  const never = worseThanUntrained(history([0.75, 0.9], 0.1, { learningRate: 3e-4 }));
  expect(never?.suggestion).toMatchObject({ field: 'learningRate', value: 1e-4 });
  expect(never?.fix).toBe('Lower the learning rate to a third.');
  // Another objective’s loss has no such level, and half-way is too soon to tell.
  expect(worseThanUntrained(history([0.9], 0.5, { objective: 'simpo' }))).toBeNull();
  const early = history([0.9], 0.5);
  const soon = { ...early, evaluations: [evaluationFrame({ step: 40, loss: 0.9 })] };
  expect(worseThanUntrained(soon)).toBeNull();
});

it('tells overfitting from a run that is still learning', () => {
  expect(overfitting(history([0.68, 0.6, 0.55], 0.4))).toBeNull();
  // Held-out pairs got worse, and so did those of training: that is no overfitting.
  expect(overfitting(history([0.6, 0.7], 0.68))).toBeNull();
  const finding = overfitting(history([0.6, 0.55, 0.7, 0.8], 0.2));
  expect(finding?.message).toContain('from 0.550 at step 200 to 0.800');
  expect(finding?.suggestion).toMatchObject({ field: 'steps', value: 200 });
  expect(finding?.fix).toBe('Train for 200 steps.');
  expect(overfitting(history([0.6], 0.2))).toBeNull();
});

it('counts the steps in which a backbone trains, and says where two runs differ in them', () => {
  const lpc = { name: 'Run 1', config: { ...config, trainable: 'lora', headsFirst: 0.5 } as const };
  const plain = { name: 'Run 2', config: { ...config, trainable: 'lora', latent: null } as const };
  const heads = { name: 'Run 3', config: { ...config, trainable: 'heads' } as const };
  expect([lpc, plain, heads].map((run) => backboneSteps(run.config))).toEqual([200, 400, 0]);
  expect(unevenBackbones(plain, lpc)).toContain('Run 1 trains the backbone for 200 steps, Run 2 for 400');
  expect(unevenBackbones(heads, plain)).toContain('Run 3 trains its heads alone');
  expect(unevenBackbones(plain, plain)).toBeNull();
});
