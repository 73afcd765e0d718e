import { describe, expect, test } from 'vitest';
import { PAPER_RUN, QUICK_RUN, ROBUST_RUN } from '#core/presets.ts';
import { FacetError } from '#core/result.ts';
import { runConfigFrom } from './runSettings.ts';

const none = { latent: true, set: [] };

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof FacetError) return error.failure;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('settings of a run from the command line', () => {
  test('are those of the robust preset where nothing is given, or of another that is named', () => {
    expect(runConfigFrom(none)).toEqual(ROBUST_RUN);
    expect(runConfigFrom({ ...none, preset: 'paper' })).toEqual(PAPER_RUN);
    expect(runConfigFrom({ ...none, preset: 'quick', seed: '7' })).toEqual({ ...QUICK_RUN, seed: 7 });
  });

  test('heads alone take the steps that the preset gives them before adapters join, unless steps are named', () => {
    const heads = { ...none, trainable: 'heads' };
    expect(runConfigFrom(heads).steps).toBe(ROBUST_RUN.headsFirst * ROBUST_RUN.steps);
    expect(runConfigFrom({ ...heads, steps: '30' }).steps).toBe(30);
    expect(runConfigFrom({ ...heads, preset: 'paper' }).steps).toBe(PAPER_RUN.steps);
  });

  test('β is what the objective begins with, unless it is set', () => {
    expect(runConfigFrom(none).beta).toBe(1);
    expect(runConfigFrom({ ...none, objective: 'simpo' }).beta).toBe(2);
    expect(runConfigFrom({ ...none, preset: 'paper', objective: 'dpo' }).beta).toBe(0.1);
    expect(runConfigFrom({ ...none, objective: 'simpo', set: ['beta=3'] }).beta).toBe(3);
  });

  test('named options and --set reach their fields, the defaults stay as they are', () => {
    const config = runConfigFrom({
      latent: true,
      steps: '30',
      objective: 'ipo',
      set: ['beta=0.3', 'latent.codes=16', 'latent.pooling=last'],
    });
    expect(config).toMatchObject({ steps: 30, objective: 'ipo', beta: 0.3 });
    expect(config.latent).toMatchObject({ codes: 16, pooling: 'last' });
    expect(runConfigFrom(none)).toEqual(ROBUST_RUN);
  });

  test('--no-latent trains the plain objective and leaves no latent to set', () => {
    expect(runConfigFrom({ latent: false, set: [] }).latent).toBeNull();
    const failure = failureOf(() => runConfigFrom({ latent: false, set: ['latent.codes=4'] }));
    expect(failure).toMatchObject({ code: 'cli.bad-setting', where: { field: 'latent.codes' } });
  });

  test.each([
    ['steps=1.5', 'steps'],
    ['beta=soft', 'beta'],
    ['latent.codes=1', 'latent.codes'],
    ['nonsense=1', 'nonsense'],
    ['__proto__.codes=1', '__proto__.codes'],
    ['latent.constructor.name=1', 'latent.constructor.name'],
  ])('%s is refused by its name', (assignment, field) => {
    const failure = failureOf(() => runConfigFrom({ latent: true, set: [assignment] }));
    expect(failure).toMatchObject({ code: 'cli.bad-setting', where: { field } });
    expect(failure.fix).toBeTruthy();
  });

  test('an assignment without a value says how one looks', () => {
    expect(failureOf(() => runConfigFrom({ latent: true, set: ['beta'] })).fix).toContain('learningRate=');
  });

  test('a setting out of its bounds, or against another, is named by its flag, with one that would do', () => {
    const refused = (options: Partial<Parameters<typeof runConfigFrom>[0]>) =>
      failureOf(() => runConfigFrom({ ...none, ...options }));
    expect(refused({ steps: '0' }).message).toBe('--steps: At least 1, please.');
    expect(refused({ set: ['latent.codes=1'] }).message).toBe('--set latent.codes: At least 2, please.');
    expect(refused({ latent: false, trainable: 'heads' })).toMatchObject({
      code: 'config.nothing-to-train',
      message: expect.stringMatching(/^--trainable: /),
      fix: expect.stringContaining('--trainable lora'),
      where: { field: 'trainable' },
    });
    expect(refused({ set: ['earlyStoppingPatience=2', 'evaluateEvery=0'] }).fix).toContain(
      '--set evaluateEvery=32',
    );
  });
});
