import { expect, it } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { settingsApart } from './settingsApart.ts';

it('names what differs, parts of the latent too', () => {
  const own = { ...DEFAULT_RUN, seed: 1, latent: { ...DEFAULT_LATENT, codes: 8 } };
  const others = { ...DEFAULT_RUN, seed: 2, latent: { ...DEFAULT_LATENT, codes: 16 } };
  expect(settingsApart(own, others)).toEqual([
    { name: 'seed', own: '1', others: '2' },
    { name: 'latent.codes', own: '8', others: '16' },
  ]);
  expect(settingsApart(own, own)).toEqual([]);
});

it('shows what a plain run lacks as a dash', () => {
  const apart = settingsApart({ ...DEFAULT_RUN, latent: null }, DEFAULT_RUN);
  expect(apart.every(({ name, own }) => name.startsWith('latent.') && own === '–')).toBe(true);
  expect(apart).toContainEqual({ name: 'latent.codes', own: '–', others: String(DEFAULT_LATENT.codes) });
});
