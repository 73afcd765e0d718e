import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { wilsonInterval } from '#core/wilsonInterval.ts';
import type { Run } from '#shared/entities.ts';
import { plainBaseline } from './form/presets.ts';
import { baselineOf, configLine, runDurationMs, timeWords, trainableName } from './runWords.ts';

const run = (more: Partial<Run>): Run => ({
  id: 1,
  name: 'Run 1',
  note: '',
  resumable: false,
  checkpoints: [{ kind: 'last', step: 400 }],
  checkpointStep: 400,
  codesSteps: [],
  codesStep: null,
  state: 'finished',
  modelId: 1,
  modelName: 'starter',
  config: DEFAULT_RUN,
  selection: { labels: 'people-then-imported', sourceIds: null },
  pairs: 600,
  engine: 'onnx-cpu',
  engineFallback: null,
  step: 400,
  accuracy: 0.7,
  failure: null,
  codeVersion: 'test',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:02:00.000Z',
  ...more,
});

describe('run words', () => {
  it('names a run by what sets it apart', () => {
    expect(configLine(DEFAULT_RUN)).toBe('LPC-DPO · K 32 · λ 0.05');
    expect(configLine({ ...DEFAULT_RUN, objective: 'simpo', latent: null })).toBe('SimPO · seed 1');
    expect(trainableName(DEFAULT_RUN)).toBe('LoRA 8');
  });

  it('has a dash for a time nobody knows yet', () => {
    expect(timeWords(Number.POSITIVE_INFINITY)).toBe('–');
    expect(timeWords(null)).toBe('–');
    expect(timeWords(360_000)).toBe('6 min');
    expect(runDurationMs(run({}))).toBe(120_000);
    expect(runDurationMs(run({ endedAt: null }))).toBeNull();
  });
});

describe('baselineOf', () => {
  const lpc = run({});
  const plain = plainBaseline(DEFAULT_RUN);

  it('finds the plain run of the same seed, whatever the order of its fields', () => {
    const shuffled = Object.fromEntries(Object.entries(plain).reverse()) as unknown as Run['config'];
    expect(baselineOf([lpc, run({ id: 2, config: shuffled })], lpc, plain)?.id).toBe(2);
  });

  it.each([
    ['another seed', { config: { ...plain, seed: 2 } }],
    ['another model', { config: plain, modelId: 9 }],
    ['other pairs', { config: plain, selection: { labels: 'people', sourceIds: null } }],
    ['a failed run', { config: plain, state: 'failed' }],
  ] as const)('does not take %s for it', (_, more) => {
    expect(baselineOf([lpc, run({ id: 2, ...more })], lpc, plain)).toBeNull();
  });
});

describe('wilsonInterval', () => {
  it('agrees with the published example of 7 in 10', () => {
    const [low, high] = wilsonInterval(0.7, 10);
    expect(low).toBeCloseTo(0.3968, 3);
    expect(high).toBeCloseTo(0.8922, 3);
  });
  it('is never of zero width, and everything for no pairs', () => {
    expect(wilsonInterval(1, 20)[0]).toBeLessThan(0.9);
    expect(wilsonInterval(0.5, 0)).toEqual([0, 1]);
  });
});
