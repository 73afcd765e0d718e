import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { absent, needing } from '#disk/testNeeds.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { resourcesDir, workerEntry } from '../environment.ts';
import { type ExperimentRequest, runExperiment } from './runExperiment.ts';

const starter = join(resourcesDir, 'starter');

function request(changes: Partial<ExperimentRequest>): ExperimentRequest {
  const compute = createWorkerPool(() => startForkedWorker(workerEntry, { FACET_THREADS: '1' }));
  onTestFinished(() => compute.dispose());
  return {
    name: 'latent-kind',
    seeds: [1],
    settings: { trainable: 'heads', steps: '3', set: ['tokenBudget=512'] },
    modelDir: starter,
    dataFile: null,
    sampleFile: join(resourcesDir, 'sample', 'sample.jsonl'),
    limit: 40,
    groups: null,
    methods: null,
    folder: temporaryFolder(),
    processes: 2,
    command: 'test',
    codeVersion: 'test',
    codeFingerprint: 'test',
    compute,
    stop: new AbortController().signal,
    onEvent: () => undefined,
    note: () => undefined,
    ...changes,
  };
}

const failureOf = (changes: Partial<ExperimentRequest>) =>
  runExperiment(request(changes)).then(
    () => null,
    (error: { failure?: unknown }) => error.failure,
  );

test('a small experiment runs on the real engine, and again from what it kept', {
  ...needing(absent(starter)),
  timeout: 180_000,
}, async () => {
  const asked = request({});
  const outcome = await runExperiment(asked);
  expect(outcome.failed).toEqual([]);
  const methods = outcome.summaries.map(({ method, accuracy }) => [method, Number.isFinite(accuracy.mean)]);
  expect(methods).toEqual([
    ['no latent', true],
    ['discrete codes', true],
    ['Gaussian', true],
    ['no latent, equal backbone steps', true],
    ['no latent, equal processor time', true],
  ]);
  const discrete = outcome.results.find(({ cell }) => cell.method === 'discrete codes');
  const weights = discrete?.codes?.weights ?? [];
  expect(weights.length).toBe(32 * (discrete?.codes?.promptIds.length ?? 0));
  expect(weights.slice(0, 32).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 2);
  // Another kind of latent is another policy: margins that agree would mean that the setting was not heard.
  const gaussian = outcome.results.find(({ cell }) => cell.method === 'Gaussian');
  expect(gaussian?.pairs.map(({ margin }) => margin)).not.toEqual(
    discrete?.pairs.map(({ margin }) => margin),
  );
  const again = await runExperiment({ ...asked, compute: request({}).compute });
  expect(again.about.known).toBe(5);
  expect(again.summaries).toEqual(outcome.summaries);
});

test('a group that follows from another is asked for by either name', needing(absent(starter)), async () => {
  const folder = temporaryFolder();
  const dataFile = join(folder, 'polite.jsonl');
  const pairs = Array.from({ length: 60 }, (_, i) => ({
    ...{ source: 'polite', aspect: 'politeness', prompt: `Say ${i}.` },
    ...{ chosen: `Gladly: ${i}.`, rejected: `${i}!` },
  }));
  writeFileSync(dataFile, pairs.map((pair) => JSON.stringify(pair)).join('\n'));
  const stored = {
    name: 'real-model' as const,
    dataFile,
    limit: null,
    settings: { set: [] },
    storedOnly: true,
  };
  const missingOf = async (groups: string): Promise<number> =>
    (await runExperiment(request({ ...stored, groups }))).about.missing;
  const tried = await missingOf('opposed tones, choosing rates');
  expect(tried).toBeGreaterThan(5);
  expect(await missingOf('opposed tones, each at its best rates')).toBe(tried);
  expect(await failureOf({ ...stored, groups: 'no such group' })).toMatchObject({
    code: 'experiment.no-cells',
  });
});

test('a model or a pair file that can’t be read says what, where and what to do', async () => {
  expect(await failureOf({ modelDir: '/no/such/model' })).toMatchObject({
    message: expect.any(String),
    fix: expect.any(String),
  });
  expect(await failureOf({ dataFile: '/no/such/pairs.jsonl' })).toMatchObject({
    code: 'import.unreadable-file',
    where: { file: '/no/such/pairs.jsonl' },
    fix: expect.any(String),
  });
});
