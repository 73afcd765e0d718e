import { expect, it } from 'vitest';
import { LATENT_KINDS } from '#core/methods.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import type { Run } from '#shared/entities.ts';
import { hasCodes, whyNoCodes } from './whyNoCodes.ts';

const ended = (latent: Run['config']['latent']) =>
  ({ name: 'Run 1', state: 'finished', failure: null, config: { ...DEFAULT_RUN, latent } }) as Run;

it('offers runs with a codebook alone', () => {
  const offered = LATENT_KINDS.filter((kind) => hasCodes(ended({ ...DEFAULT_LATENT, kind })));
  expect(offered).toEqual(['codebook']);
  expect(hasCodes(ended(null))).toBe(false);
});

it('says of a control what it has in the codebook’s place', () => {
  const { title, text } = whyNoCodes(ended({ ...DEFAULT_LATENT, kind: 'mlp' }));
  expect(title).toBe('Run 1 has no codes');
  expect(text).toMatch(/^It is a control whose latent is a network of the prompt/);
});
