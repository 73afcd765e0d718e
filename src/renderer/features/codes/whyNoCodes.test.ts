import { expect, it } from 'vitest';
import { LATENT_KINDS } from '#core/methods.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import type { Run } from '#shared/entities.ts';
import { hasCodes, unreadStep, whyNoCodes } from './whyNoCodes.ts';

const ended = (latent: Run['config']['latent']) =>
  ({
    name: 'Run 1',
    state: 'finished',
    failure: null,
    checkpointStep: 40,
    codesStep: 40,
    config: { ...DEFAULT_RUN, latent },
  }) as Run;

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

it('offers to read what no stored codes are of', () => {
  const run = { ...ended(DEFAULT_LATENT), state: 'paused', checkpointStep: 20 } as Run;
  expect(unreadStep({ ...run, codesStep: 20 })).toBeNull();
  expect(unreadStep({ ...run, codesStep: 10 })).toBe(20);
  expect(unreadStep({ ...run, codesStep: null })).toBe(20);
  expect(unreadStep({ ...run, codesStep: null, checkpointStep: null })).toBeNull();
  expect(unreadStep({ ...run, codesStep: 10, state: 'running' })).toBeNull();
  expect(unreadStep({ ...ended(null), codesStep: null })).toBeNull();
});
