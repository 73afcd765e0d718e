import { expect, it } from 'vitest';
import { PRESET_RUNS } from './presets.ts';
import { runCautions } from './runCautions.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';

const fields = (changed: Partial<RunConfig>) =>
  runCautions({ ...DEFAULT_RUN, ...changed }).map(({ field }) => field);

it('says nothing of the defaults', () => {
  expect(fields({})).toEqual([]);
  for (const [name, preset] of Object.entries(PRESET_RUNS)) expect(runCautions(preset), name).toEqual([]);
});

it('names each absurd value and what is usual', () => {
  const latent = { ...DEFAULT_LATENT, klWeight: 1e9 };
  expect(fields({ latent })).toEqual(['latent.klWeight']);
  expect(fields({ learningRate: 1e99 })).toEqual(['learningRate']);
  expect(fields({ heldOutShare: 0 })).toEqual(['heldOutShare']);
  expect(fields({ accumulation: 1000 })).toEqual(['accumulation']);
  expect(fields({ beta: 1e-6 })).toEqual(['beta']);
  const [caution] = runCautions({ ...DEFAULT_RUN, heldOutShare: 0 });
  expect(caution?.suggestion).toEqual({ field: 'heldOutShare', value: 0.15, label: '0.15' });
});

it('leaves out what has no effect: the backbone’s rate where heads alone train, λ without a posterior', () => {
  expect(fields({ trainable: 'heads', learningRate: 1 })).toEqual([]);
  expect(fields({ latent: { ...DEFAULT_LATENT, kind: 'mlp', klWeight: 1e9 } })).toEqual([]);
  expect(fields({ latent: null, headsLearningRate: 9 })).toEqual([]);
});
