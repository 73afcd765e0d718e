import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../data/testProject.ts';
import { openCellStore } from '../cellStore.ts';
import { designOf } from '../designs/index.ts';
import { type ExperimentOutcome, experimentOutcome, outcomeJson } from '../outcome.ts';
import { outcomeLines } from '../outcomeLines.ts';
import { runCells } from '../runCells.ts';
import { inputOver, MeasuringCompute, somePairs } from '../testPairs.ts';
import { methodTable } from './methodTables.ts';
import { reportPage } from './page.ts';
import { commandOfGroup } from './provenance.ts';
import { niceTicks } from './scale.ts';

async function outcomeOf(name: string, label = 'even', count = 160): Promise<ExperimentOutcome> {
  const modelDir = temporaryFolder();
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const pairs = somePairs(count).map((pair) => (pair.source === 'even' ? { ...pair, source: label } : pair));
  const design = designOf(name);
  const input = inputOver(pairs, [1, 2], modelDir);
  const compute = new MeasuringCompute();
  compute.refuse = ({ config }) =>
    config.latent?.kind === 'mlp' ? { code: 'test.no', message: 'MLP <refused>', fix: 'Try again.' } : null;
  const ended = await runCells(design.cells(input), {
    compute,
    store: openCellStore(temporaryFolder()),
    processes: 1,
    codeVersion: '1.2.3',
    codeFingerprint: 'c0de',
    stop: new AbortController().signal,
    onEvent: () => undefined,
  });
  return experimentOutcome(
    design,
    input,
    { ...ended, fits: [], audits: [] },
    {
      command: `npm run facet -- experiment ${name}`,
      at: '2026-01-02T03:04:05.000Z',
      data: 'test pairs',
      pairs: pairs.length,
      model: 'model',
      parameters: 1234,
      modelFingerprint: 'feed',
      codeVersion: '1.2.3',
      codeFingerprint: 'c0de',
      node: 'v24',
      platform: 'test',
      processor: 'processor × 2',
      seeds: [1, 2],
      processes: 1,
      known: 0,
      missing: 0,
      seconds: 3,
    },
  );
}

/** Tags that are opened and never closed, or the other way round. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z0-9]+)([^<>]*)>/g)) {
    if (['meta', 'br'].includes(name) || rest.endsWith('/')) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

test('the page holds every cell, what failed, the settings, and nothing from elsewhere', async () => {
  const outcome = await outcomeOf('controls');
  const page = reportPage(outcome);
  for (const { cell } of [...outcome.results, ...outcome.failed]) expect(page).toContain(cell.key);
  expect(outcome.failed).toHaveLength(2);
  expect(page).toContain('MLP &lt;refused&gt;');
  expect(page).toContain('2 cells failed');
  expect(page).toContain('causal recovery 0.750, gain over one code 0.400 (0.300 … 0.500)');
  expect(page).toContain('20 %<span class="interval">10 %–100 %</span>');
  expect(page).not.toMatch(/(?:src|href)=|url\(|@import|https?:/);
  expect(page).toContain('color-scheme: light dark');
  expect(page).toContain('latent.priorShare');
  expect(page).toContain('1.2.3');
  expect(unbalanced(page)).toEqual([]);
  expect(page).not.toMatch(/undefined|NaN|\[object/);
});

test('each table names the command that gives it alone, and hashes of its pairs', async () => {
  const outcome = await outcomeOf('controls');
  const page = reportPage(outcome);
  expect(page).toContain('npm run facet -- experiment controls --groups &#39;controls&#39;');
  expect(page).toContain(outcome.results[0]!.trainingSha256.slice(0, 16));
  expect(page).toContain(outcome.results[0]!.modelFingerprint.slice(0, 16));
  expect(page).toMatch(/This table: .* · seeds 1, 2 · \d{4}-\d\d-\d\d · training pairs/);
  const command = "npm run facet -- experiment x --groups 'a | b' --methods 'it'\\''s' --stored --set beta=1";
  expect(commandOfGroup(command, "it's")).toBe(
    "npm run facet -- experiment x --methods 'it'\\''s' --set beta=1 --groups 'it'\\''s'",
  );
});

test('what is not computed yet is said, with the seeds that each row rests on', async () => {
  const outcome = await outcomeOf('latent-kind');
  const partly = { ...outcome, about: { ...outcome.about, missing: 3 } };
  expect(reportPage(partly)).toContain('3 cells were not computed yet');
  expect(reportPage(partly)).toContain('<td class="words">1, 2</td>');
  expect(outcomeLines(partly).join('\n')).toContain('3 cells were not computed yet');
  expect(reportPage(outcome)).not.toContain('not computed yet');
});

test('names out of a file are text on the page, never markup', async () => {
  const page = reportPage(await outcomeOf('latent-kind', '<img src=x onerror=alert(1)> & "co"'));
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;');
});

test('what the paper says stands beside what is found, where anything is known', async () => {
  const swept = await outcomeOf('k-sweep');
  expect(reportPage(swept)).toContain('What the paper says.</b> Accuracy over 8 to 256 codes');
  expect(outcomeLines(swept).join('\n')).toContain('The paper: Accuracy over 8 to 256 codes');
  expect(outcomeJson(swept).paper?.differs).toContain('Few tastes need few codes');
  expect(reportPage(await outcomeOf('controls'))).not.toContain('What the paper says');
});

test('each method and each cell says its processor time', async () => {
  const outcome = await outcomeOf('controls');
  expect(reportPage(outcome).match(/>processor time</g)).toHaveLength(2);
  expect(outcomeJson(outcome).cells[0]?.processorSeconds).toBe(0.5);
  expect(outcomeLines(outcome).join('\n')).toContain('processor time');
});

test('prompts are drawn by t-SNE as the paper draws them, the same each time', async () => {
  const panel = (page: string): string =>
    page.match(/aria-label="p\(z\|x\) by t-SNE, by label">.*?<\/svg>/s)?.[0] ?? '';
  const outcome = await outcomeOf('k-sweep', 'even', 480);
  const drawn = panel(reportPage(outcome));
  expect(drawn.match(/<path/g)?.length).toBeGreaterThan(15);
  expect(panel(reportPage(outcome))).toBe(drawn);
});

test('facts that all rows share are said once, others in a column', async () => {
  const { summaries } = await outcomeOf('latent-kind');
  const rows = summaries.map((row, index) => ({
    ...row,
    facts: { 'Bayes ceiling': 0.8469, 'rates ×': index === 0 ? 1 : 3 },
  }));
  const table = methodTable('g', 'no latent', rows).toString();
  expect(table).not.toContain('Bayes ceiling</th>');
  expect(table).toContain('Bayes ceiling 0.847');
  expect(table).toContain('rates ×</th>');
});

test('curves are drawn where there are any, the base without a place of its own as a level', async () => {
  const page = reportPage(await outcomeOf('k-sweep'));
  expect(page).toContain('Accuracy over the number of codes');
  expect(page.match(/<figure/g)?.length).toBeGreaterThan(3);
});

test('the JSON and the lines hold each method, its interval and its seeds', async () => {
  const outcome = await outcomeOf('controls');
  const json = JSON.parse(JSON.stringify(outcomeJson(outcome)));
  expect(json.cells).toHaveLength(14);
  expect(json.failed.map(({ key }: { key: string }) => key)).toEqual(
    outcome.failed.map(({ cell }) => cell.key),
  );
  const lpc = json.methods.find(({ method }: { method: string }) => method === 'LPC');
  expect(lpc.difference).toMatchObject({ base: 'no latent', seeds: [1, 2] });
  expect(lpc.difference.low).toBeGreaterThan(0);
  expect(json.cells[0].settings.steps).toBe(2);
  const lines = outcomeLines(outcome).join('\n');
  expect(lines).toContain('LPC, paper’s latent');
  expect(lines).toContain('failed: controls/MLP, no codebook/seed 1');
});

test('ticks are round and hold both ends', () => {
  expect(niceTicks(0.81, 0.97, 5)).toEqual([0.8, 0.85, 0.9, 0.95, 1]);
  expect(niceTicks(-0.03, 0.12, 6)).toEqual([-0.05, -0.025, 0, 0.025, 0.05, 0.075, 0.1, 0.125]);
  const flat = niceTicks(1, 1, 5);
  expect(flat[0]).toBeLessThan(1);
  expect(flat.at(-1)).toBeGreaterThan(1);
});
