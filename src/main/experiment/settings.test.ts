import { describe, expect, test } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { parseSeeds } from './seeds.ts';
import { settingsNotFollowed, settingsUnder, userSettings } from './settings.ts';

const failureOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { failure: { code: string; where?: { field?: string }; fix?: string } }).failure;
  }
  throw new Error('it was accepted');
};

describe('settings of a cell', () => {
  test('are defaults, then suggestions, then the user’s, then what defines the cell', () => {
    const user = userSettings({ steps: '60', set: ['beta=0.3', 'latent.klWeight=0.1', 'latent.codes=4'] });
    const settings = settingsUnder(user);
    const config = settings(
      7,
      { objective: 'simpo', latent: { codes: 8 } },
      { beta: 2, warmupSteps: 5, latent: { klWeight: 1, temperature: 0.5 } },
    );
    expect(config).toMatchObject({ seed: 7, steps: 60, objective: 'simpo', beta: 0.3, warmupSteps: 5 });
    expect(config.latent).toEqual({ ...DEFAULT_LATENT, codes: 8, klWeight: 0.1, temperature: 0.5 });
    expect(config.learningRate).toBe(DEFAULT_RUN.learningRate);
    expect([config.heldOutShare, config.evaluateEvery, config.engine]).toEqual([0, 0, 'onnx-cpu']);
  });

  test('stay plain where the cell is plain, whatever is said of the latent', () => {
    const settings = settingsUnder(userSettings({ set: ['latent.codes=4'], trainable: 'heads' }));
    const plain = settings(1, { latent: null });
    expect(plain.latent).toBeNull();
    // Heads alone would train nothing.
    expect(plain.trainable).toBe('lora');
    expect(settings(1, { latent: {} }).trainable).toBe('heads');
  });

  test('that the experiment fixes, or that make no sense, are refused by name', () => {
    expect(failureOf(() => userSettings({ set: ['seed=4'] }))).toMatchObject({ where: { field: 'seed' } });
    expect(failureOf(() => userSettings({ set: ['heldOutShare=0.5'] })).code).toBe(
      'experiment.fixed-setting',
    );
    expect(failureOf(() => userSettings({ set: ['steeps=4'] }))).toMatchObject({
      where: { field: 'steeps' },
    });
    expect(failureOf(() => userSettings({ steps: 'many', set: [] })).where?.field).toBe('steps');
  });
});

describe('settings that cells define themselves', () => {
  const cells = (...configs: ReturnType<ReturnType<typeof settingsUnder>>[]) =>
    configs.map((config, at) => ({ method: `method ${at}`, config }));

  test('are refused where no cell would follow the user, and named where some would not', () => {
    const user = userSettings({ set: ['latent.injection=layers', 'beta=0.3'] });
    const settings = settingsUnder(user);
    const own = settings(1, { latent: { injection: 'head' } });
    expect(failureOf(() => settingsNotFollowed(user, cells(own)))).toMatchObject({
      code: 'experiment.fixed-setting',
      where: { field: 'latent.injection' },
    });
    const follows = settings(1, { latent: {} });
    expect(settingsNotFollowed(user, cells(own, follows))).toEqual([
      'latent.injection=layers doesn’t reach what defines it itself: method 0',
    ]);
    expect(settingsNotFollowed(user, cells(follows))).toEqual([]);
  });
});

describe('seeds', () => {
  test('are a count or a list', () => {
    expect(parseSeeds('3')).toEqual([1, 2, 3]);
    expect(parseSeeds('4,7')).toEqual([4, 7]);
    expect(parseSeeds('5,')).toEqual([5]);
  });

  test.each(['0', '-1', 'x', '', '1.5', '1,1', '1,x', '100000'])('refuse %j', (text) => {
    expect(failureOf(() => parseSeeds(text))).toMatchObject({ code: 'experiment.bad-seeds' });
  });
});
