import { expect, it } from 'vitest';
import { settingsRead } from './latentSettings.ts';
import { DEFAULT_LATENT } from './runConfig.ts';

const namesOf = (changes: Partial<typeof DEFAULT_LATENT>) =>
  settingsRead({ ...DEFAULT_LATENT, ...changes }).map(([name]) => name);

it('leaves out what a kind of latent does not read', () => {
  expect(namesOf({ kind: 'bias' })).toEqual(['kind', 'injection', 'injectionLayers']);
  expect(namesOf({ kind: 'mlp' })).toEqual(expect.arrayContaining(['pooling', 'promptDirections']));
  expect(namesOf({ kind: 'mlp' })).not.toContain('klWeight');
  expect(namesOf({ kind: 'gaussian' })).toEqual(expect.arrayContaining(['klWeight', 'inference']));
  expect(namesOf({ kind: 'gaussian' })).not.toContain('codes');
  expect(namesOf({})).toEqual(Object.keys(DEFAULT_LATENT));
  expect(namesOf({ posterior: 'none' })).not.toContain('klWeight');
});
