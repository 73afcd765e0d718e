import { expect, it } from 'vitest';
import { LATENT_KINDS } from '#core/methods.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import type { Run } from '#shared/entities.ts';
import { checkpointChoices, hasCodes, unreadStep, whyNoCodes } from './whyNoCodes.ts';

const ended = (latent: Run['config']['latent']) =>
  ({
    name: 'Run 1',
    state: 'finished',
    failure: null,
    checkpoints: [
      { kind: 'last', step: 40 },
      { kind: 'best', step: 20 },
    ],
    checkpointStep: 40,
    codesSteps: [40],
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
  const run = { ...ended(DEFAULT_LATENT), state: 'paused' } as Run;
  expect(unreadStep(run)).toBeNull();
  expect(unreadStep(run, 20)).toBe(20);
  expect(unreadStep(run, 30)).toBeNull();
  expect(unreadStep({ ...run, codesSteps: [20] })).toBe(40);
  expect(unreadStep({ ...run, codesSteps: [], checkpoints: [], checkpointStep: null })).toBeNull();
  expect(unreadStep({ ...run, codesSteps: [20], state: 'running' })).toBeNull();
  expect(unreadStep({ ...ended(null), codesSteps: [] })).toBeNull();
});

it('names each checkpoint by what it is', () => {
  const run = ended(DEFAULT_LATENT);
  expect(checkpointChoices(run)).toEqual([
    { step: 40, label: 'Last, step 40' },
    { step: 20, label: 'Best, step 20, not read' },
  ]);
  const both = { ...run, checkpoints: run.checkpoints.map((kept) => ({ ...kept, step: 40 })) };
  expect(checkpointChoices(both)).toEqual([{ step: 40, label: 'Last and best, step 40' }]);
});
