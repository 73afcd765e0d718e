import { expect, it } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';
import { brokenRules, requireRules } from './runRules.ts';

const BROKEN: readonly (readonly [string, Partial<RunConfig>])[] = [
  ['trainable', { latent: null, trainable: 'heads' }],
  ['loraTargets', { loraTargets: [] }],
  ['earlyStoppingPatience', { earlyStoppingPatience: 3, evaluateEvery: 0 }],
  ['earlyStoppingPatience', { earlyStoppingPatience: 3, heldOutShare: 0 }],
  ['latent.injectionLayers', { latent: { ...DEFAULT_LATENT, injection: 'layers', injectionLayers: 9 } }],
];

/** The settings with a suggestion taken. */
function mended(config: RunConfig, { field, value }: { field: string; value: unknown }): RunConfig {
  const taken = field === 'loraTargets' ? String(value).split(',') : value;
  const [outer, inner] = field.split('.');
  return (
    inner === undefined
      ? { ...config, [outer as string]: taken }
      : { ...config, latent: { ...config.latent, [inner]: taken } }
  ) as RunConfig;
}

const MODEL = { layers: 4, chatTemplate: true };

it.each(BROKEN)('names %s, and what it suggests mends it', (field, changes) => {
  const config = { ...DEFAULT_RUN, ...changes };
  const broken = brokenRules(config, MODEL);
  expect(broken.map(({ where }) => where.field)).toEqual([field]);
  const [first] = broken;
  expect(brokenRules(mended(config, first!.suggestion), MODEL)).toEqual([]);
  expect(() => requireRules(config, MODEL)).toThrow(first!.message);
});

it('lets the defaults pass, and says nothing of a model that it does not know', () => {
  expect(brokenRules(DEFAULT_RUN, { ...MODEL, layers: 1 })).toEqual([]);
  expect(brokenRules({ ...DEFAULT_RUN, ...BROKEN[4]![1] })).toEqual([]);
});
