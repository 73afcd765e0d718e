/** What the form says of settings, all at once: taking every suggestion comes to rest, and no setting is sent back and forth. */
import { expect, it } from 'vitest';
import { OBJECTIVES } from './methods.ts';
import { PRESET_RUNS } from './presets.ts';
import { randomSource } from './random.ts';
import type { Suggestion } from './result.ts';
import { runCautions } from './runCautions.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from './runConfig.ts';
import { brokenRules } from './runRules.ts';

const MODEL = { layers: 4, chatTemplate: false };
const VALUES: Readonly<Partial<Record<keyof RunConfig, readonly unknown[]>>> = {
  objective: OBJECTIVES,
  trainable: ['heads', 'lora', 'full'],
  weights: ['as-stored', '4bit'],
  chatTemplate: [null, 'chatml', 'no template'],
  learningRate: [1e-4, 0.5],
  headsLearningRate: [1e-2, 3],
  beta: [1e-4, 0.1, 50],
  labelSmoothing: [0, 0.2, 0.5],
  nllWeight: [null, 1],
  weightDecay: [0, 5],
  heldOutShare: [0, 0.15, 0.8],
  accumulation: [1, 4, 500],
  batchPairs: [null, 8],
  steps: [5, 400],
  epochs: [null, 2],
  warmupSteps: [0, 20, 300],
  earlyStoppingPatience: [0, 3],
  evaluateEvery: [0, 50],
  loraTargets: [[], DEFAULT_RUN.loraTargets],
  tokenBudget: [128, 1024],
  recompute: [false, true],
};
const LATENTS: readonly RunConfig['latent'][] = [
  null,
  DEFAULT_LATENT,
  ...Object.values(PRESET_RUNS).map(({ latent }) => latent),
  { ...DEFAULT_LATENT, klWeight: 50, batchEntropyBonus: 50, injection: 'layers', injectionLayers: 9 },
  { ...DEFAULT_LATENT, kind: 'gaussian', promptDirections: 8 },
  { ...DEFAULT_LATENT, warmStart: true, codeDirections: 8, promptDirections: 8, injection: 'layers' },
];

function taken(config: RunConfig, { field, value }: Suggestion): RunConfig {
  const read = DEFAULT_RUN[field as keyof RunConfig];
  const given = Array.isArray(read) ? String(value).split(',') : value;
  if (!field.startsWith('latent.')) return { ...config, [field]: given };
  return {
    ...config,
    latent: config.latent && { ...config.latent, [field.slice('latent.'.length)]: value },
  };
}

it('comes to rest, whatever is set at first', () => {
  const random = randomSource({ seed: 3, stream: 'settings', counter: 0 });
  const among = <T>(values: readonly T[]): T => values[random.integer(values.length)] as T;
  for (let round = 0; round < 4000; round += 1) {
    let config = { ...DEFAULT_RUN, latent: among(LATENTS) } as RunConfig;
    for (const [name, values] of Object.entries(VALUES)) config = { ...config, [name]: among(values) };
    const seen = new Set<string>();
    for (;;) {
      const words = JSON.stringify(config);
      expect(seen.has(words), `back and forth: ${words}`).toBe(false);
      seen.add(words);
      const [next] = [...brokenRules(config, MODEL), ...runCautions(config, MODEL)];
      if (!next) break;
      config = taken(config, next.suggestion);
    }
  }
});
