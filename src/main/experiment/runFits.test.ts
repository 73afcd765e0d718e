import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CandidatesJob, CandidatesResult } from '#core/jobs.ts';
import { ok } from '#core/result.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { openCellStore } from './cellStore.ts';
import { designOf } from './designs/index.ts';
import { outcomeJson } from './outcome.ts';
import { outcomeLines } from './outcomeLines.ts';
import { reportPage } from './report/page.ts';
import { runExperiment } from './runExperiment.ts';
import { runFits } from './runFits.ts';
import { settingsUnder } from './settings.ts';
import { heldOutOf, somePairs } from './testPairs.ts';
import type { CandidateFit } from './types.ts';

const RESULT: CandidatesResult = {
  iterations: 300,
  pairs: 100,
  candidates: [
    {
      name: 'exact',
      accuracy: 0.8,
      accuracyBySplit: [0.7, 0.9],
      loss: 0.5,
      recovery: 1,
      codesInUse: 2,
      seconds: 1,
    },
  ],
};

const polite = somePairs(400).map((pair) => ({ ...pair, aspect: 'politeness' }));
const fitsOf = (pairs: typeof polite, modelDir: string): readonly CandidateFit[] =>
  designOf('search').fits?.({ pairs, seeds: [1], modelDir, settings: settingsUnder({}) }) ?? [];

test('each set of pairs is fitted once, without the prompts that are scored elsewhere', async () => {
  const folder = join(temporaryFolder(), 'results');
  const modelDir = temporaryFolder();
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const jobs: CandidatesJob[] = [];
  const compute = {
    run: async (job: unknown) => {
      jobs.push(job as CandidatesJob);
      return ok(RESULT as never);
    },
    dispose: async () => undefined,
  };
  const options = {
    compute,
    store: openCellStore(folder),
    folder,
    codeFingerprint: 'code',
    stop: new AbortController().signal,
    note: () => undefined,
  };
  const fits = fitsOf(polite, modelDir);
  expect(fits.map(({ group }) => group)).toEqual(['opposed tones', 'opposed tones, by lot']);
  expect(await runFits(fits, { ...options, storedOnly: true })).toEqual([]);
  const [first] = await runFits(fits, options);
  expect(first).toMatchObject({ ...RESULT, group: 'opposed tones' });
  expect(jobs).toHaveLength(2);
  // What real-model scores is left out of the fit.
  const scored = designOf('real-model')
    .cells({ pairs: polite, seeds: [1], modelDir, settings: settingsUnder({}) })
    .find(({ group }) => group === 'opposed tones')!
    .data();
  expect(new Set(heldOutOf(jobs[0] as never).map(({ id }) => id))).toEqual(
    new Set(scored.test.map(({ id }) => `test:${id}`)),
  );
  expect(await runFits(fits, options)).toHaveLength(2);
  expect(jobs).toHaveLength(2);
});

test('the fits are run alone where they are named as a method, and stand in the JSON and on the page', async () => {
  const modelDir = temporaryFolder();
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const kinds: string[] = [];
  const compute = {
    run: async ({ kind }: { kind: string }) => {
      kinds.push(kind);
      return ok((kind === 'inspect-model' ? { parameters: 7 } : RESULT) as never);
    },
    dispose: async () => undefined,
  };
  const outcome = await runExperiment({
    name: 'search',
    seeds: [1],
    settings: { set: [] },
    modelDir,
    dataFile: null,
    sampleFile: '',
    limit: null,
    groups: 'by lot',
    methods: 'candidates',
    folder: temporaryFolder(),
    processes: 1,
    command: 'test',
    codeVersion: 'test',
    codeFingerprint: 'test',
    compute,
    stop: new AbortController().signal,
    onEvent: () => undefined,
    note: () => undefined,
  });
  expect(kinds).toEqual(['inspect-model', 'candidates']);
  expect(outcome.results).toEqual([]);
  expect(outcomeJson(outcome).candidates).toMatchObject([{ group: 'by lot', splits: 3, ...RESULT }]);
  expect(reportPage(outcome)).toContain('0.800 <span class="interval">0.700 … 0.900</span>');
  expect(outcomeLines(outcome).join('\n')).toContain('0.800 (0.700–0.900)');
});

test('without pairs the candidates are fitted to known factors', () => {
  expect(fitsOf([], '').map(({ group }) => group)).toEqual(['opposed', 'orthogonal', 'by lot']);
});
