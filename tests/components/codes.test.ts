/** The Codes screen: whose codes it shows, and how those that were not read come in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PRIORS_FOLDER, PRIORS_PROMPTS, priorsFile } from '#core/heldOutFile.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { evaluationFrame } from '#core/testFrames.ts';
import { MAP_EDGE } from '#shared/codeMap.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

async function pausedRun() {
  const screen = await openScreen(numberedRows(6), '#/library');
  const { facet, compute, folder } = screen;
  const { models, runs } = facet.services;
  const model = join(folder, 'tiny');
  mkdirSync(model);
  writeFileSync(join(model, 'config.json'), '{}');
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  const { id } = await runs.start({
    name: 'Paused early',
    modelId: (await models.add(model)).id,
    config: { ...DEFAULT_RUN, steps: 3 },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.pause(id);
  letOn();
  return { ...screen, id, runs };
}

test('are those of the checkpoint that is named, before a pause and after it', async () => {
  const { page, compute, id, runs } = await pausedRun();
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  // The run came about behind the page's back.
  await page.reload();
  const checkpoint = page.getByRole('combobox', { name: 'Checkpoint', exact: true });
  await checkpoint.getByText('Last, step 1').waitFor({ state: 'attached' });
  await page.getByText('2 of 3 in use', { exact: true }).waitFor();

  compute.oddWeights = [0.2, 0.3, 0.5];
  compute.bestAt = 2;
  await runs.resume(id);
  await runs.wait(id);
  await page.reload();
  await checkpoint.getByText('Last, step 3').waitFor({ state: 'attached' });
  await page.getByText('3 of 3 in use', { exact: true }).waitFor();
  await checkpoint.selectOption({ label: 'Best, step 2' });
  await expect.poll(() => page.url()).toContain('step=2');
  await page.getByText('3 of 3 in use', { exact: true }).waitFor();
});

test('that could not be read are read when they are asked for', async () => {
  const { page, compute, id, runs } = await pausedRun();
  compute.failing.set('codes', { code: 'compute.worker-died', message: 'The compute process ended.' });
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  await page
    .getByRole('heading', { name: 'The codes of Paused early at step 1 have not been read' })
    .waitFor();
  await page.getByRole('button', { name: 'Read the codes of step 1' }).click();
  await page.getByRole('alert').getByText('The compute process ended.').waitFor();
  compute.failing.clear();
  await page.getByRole('button', { name: 'Read the codes of step 1' }).click();
  await page.getByText('2 of 3 in use', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /^Read the codes/ }).count()).toBe(0);
});

test('a code’s page: its name is kept, and exactly its pairs are queued, tagged with the reason, and given back', async () => {
  const { page, facet, id, runs } = await pausedRun();
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}&code=0`;
  }, id);
  await page.reload();
  const name = page.getByRole('textbox', { name: 'Name of code 0' });
  await name.fill('Even ones');
  await name.press('Enter');
  await expect.poll(() => facet.services.codes.names(id)).toEqual([{ code: 0, name: 'Even ones', note: '' }]);
  await page.getByRole('heading', { name: /Even ones/ }).waitFor();
  const pane = page.getByRole('complementary', { name: 'Selection' });
  await pane.getByText('3 pairs of 3 prompts', { exact: true }).waitFor();
  await pane.getByRole('button', { name: 'Label first' }).click();
  await page.getByText(/^3 pairs first in the queue, tagged/).waitFor();
  const everything = { text: '', sourceId: null, status: 'all' } as const;
  const queued = async () =>
    (await facet.services.library.rows({ ...everything, where: { shown: 'first' } }, 0, 10)).map(
      (row) => row.id,
    );
  expect(await queued()).toEqual([2, 4, 6]);
  expect(await facet.services.library.tags()).toEqual([{ name: 'code 0 of Paused early, step 1', pairs: 3 }]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);
  await page.getByText('Borderline', { exact: true }).click();
  await page.getByText('Another code is as near as this one.').waitFor();
});

test('pairs of several codes, of one prompt and of codes with few labels go to the queue, and none beside', async () => {
  const { page, facet, id, runs } = await pausedRun();
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  const everything = { text: '', sourceId: null, status: 'all' } as const;
  const queued = async () =>
    (await facet.services.library.rows({ ...everything, where: { shown: 'first' } }, 0, 10)).map(
      (row) => row.id,
    );
  const use = page.getByRole('region', { name: 'Use of the codes' });
  // Nobody has decided a pair: the file's labels are not people's.
  await use.getByText('Codes 0, 2 have few labels. 6 pairs would mend it.').waitFor();
  await use.getByRole('button', { name: 'Label first' }).click();
  await use.getByText(/^6 pairs first in the queue, tagged “few labels of a code/).waitFor();
  expect(await queued()).toEqual([1, 2, 3, 4, 5, 6]);
  await use.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);

  await use.getByRole('checkbox', { name: 'Choose code 2' }).check();
  await use.getByText('3 pairs of 3 prompts', { exact: true }).waitFor();
  await use.getByRole('checkbox', { name: 'Choose code 1' }).check();
  await use.getByText('2 codes chosen').waitFor();
  await use.getByText('3 pairs of 3 prompts', { exact: true }).waitFor();
  await use.getByRole('button', { name: 'Label first' }).click();
  await use.getByText(/tagged “codes 1, 2 of Paused early, step 1”/).waitFor();
  expect(await queued()).toEqual([1, 3, 5]);
  await use.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);

  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}&prompt=4`;
  }, id);
  const pane = page.getByRole('complementary', { name: 'Selection' });
  await pane.getByText('1 pair of 1 prompt', { exact: true }).waitFor();
  await pane.getByRole('button', { name: 'Export' }).click();
  // The Library shows just this pair, and the export begins with what it shows.
  const dialog = page.getByRole('dialog', { name: 'Export pairs and labels' });
  expect(await dialog.getByRole('radio', { name: /^What the Library shows/ }).isChecked()).toBe(true);
  expect(await facet.services.library.tags()).toContainEqual({
    name: 'prompt 4 of Paused early, step 1',
    pairs: 1,
  });
});

test('a cell of the matrix of groups and codes leads to its pairs, by keys alone', async () => {
  const { page, facet, id, runs } = await pausedRun();
  await runs.wait(id);
  await facet.services.library.change({ selection: { ids: [1, 2, 3] }, action: 'tag', tag: 'hard' });
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  await page.getByText('Groups', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Groups' }).selectOption({ label: 'by tag' });
  await page
    .getByRole('combobox', { name: 'What the cells show' })
    .selectOption({ label: 'Pairs that fire it most' });
  const cells = page.getByRole('region', { name: 'Groups by codes, table' });
  // Codes from the largest share: 2, 0, 1. The Tab key stops at one cell.
  const strongest = cells.getByRole('button', { name: 'code 2, hard: 2' });
  await strongest.focus();
  await strongest.press('ArrowRight');
  const next = cells.getByRole('button', { name: 'code 0, hard: 1' });
  await expect.poll(() => next.evaluate((cell) => cell === document.activeElement)).toBe(true);
  await next.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Selection' });
  await pane.getByText('1 pair of 1 prompt', { exact: true }).waitFor();
  await pane.getByRole('button', { name: 'Tag', exact: true }).click();
  await pane.getByText('1 pair tagged “code 0 × hard of Paused early, step 1”.').waitFor();
  await page.getByRole('combobox', { name: 'Groups' }).selectOption({ label: 'by annotator' });
  await page.getByText('Nobody has decided a pair yet.').waitFor();
  await pane.getByRole('button', { name: 'The whole code' }).click();
  await pane.getByRole('button', { name: 'Try it' }).waitFor();
});

test('a filtered table and the pairs a run is most wrong on, which a doctor’s finding leads to, are queued as they stand', async () => {
  const { page, facet, compute, id, runs } = await pausedRun();
  compute.heldOut = () => [evaluationFrame({ step: 3, loss: 0.9 })];
  compute.doctor = [
    { type: 'warning', step: 3, code: 'made-up', message: 'Something stands out.', fix: 'Look.' },
  ];
  compute.margin = -1;
  await runs.wait(id);
  await runs.resume(id);
  await runs.wait(id);
  const queue = { text: '', sourceId: null, status: 'all', where: { shown: 'first' } } as const;
  const queued = async () => (await facet.services.library.rows(queue, 0, 10)).map((row) => row.id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  await page.getByText('Table', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Strongest code' }).selectOption({ label: 'code 2' });
  const pane = page.getByRole('region', { name: 'Prompts by codes' });
  await pane.getByText('3 pairs of 3 prompts', { exact: true }).waitFor();
  await pane.getByRole('button', { name: 'Label first' }).click();
  await pane.getByText(/^3 pairs first in the queue, tagged “code 2 of Paused early, step 3”/).waitFor();
  expect(await queued()).toEqual([1, 3, 5]);
  await pane.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);

  await page.evaluate((run) => {
    window.location.hash = `#/train?run=${run}`;
  }, id);
  const doctor = page.getByRole('region', { name: 'Run doctor' });
  await doctor.getByText('Something stands out.').waitFor();
  await doctor.getByRole('button', { name: 'Its pairs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Something stands out.' });
  await dialog.getByRole('button', { name: 'Label first' }).click();
  await dialog.getByText(/ first in the queue, tagged “most wrong of Paused early, step 3”/).waitFor();
  expect((await queued()).length).toBeGreaterThan(0);
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);
});

test('a lasso on the map chooses exactly the prompts that it goes around, and their pairs are queued', async () => {
  const { page, facet, id, runs } = await pausedRun();
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  await page.getByText('Map', { exact: true }).click();
  const picture = page.getByRole('application', { name: /^6 prompts laid out by PCA/ });
  await picture.waitFor();
  const plane = { method: 'pca', features: 'codes', seed: 0 } as const;
  const map = await facet.services.codes.map({ runId: id }, plane);
  const box = await picture.boundingBox();
  if (map === null || box === null) throw new Error('no picture');
  const bytes = Buffer.from(map.places, 'base64');
  // The whole picture fills 94 of 100 of the frame's shorter side, in its middle.
  const scale = (0.94 * Math.min(box.width, box.height)) / MAP_EDGE;
  const on = (side: number, place: number) => side / 2 + (place - MAP_EDGE / 2) * scale;
  // Prompt 2 is in row 1; prompts 4 and 6 fire the same codes and lie upon it.
  const x = box.x + on(box.width, bytes.readUInt16LE(4));
  const y = box.y + on(box.height, bytes.readUInt16LE(6));
  const corners = [
    [-25, -25],
    [25, -25],
    [25, 25],
    [-25, 25],
  ] as const;
  await page.mouse.move(x - 25, y - 25);
  await page.mouse.down();
  for (const [right, below] of corners) await page.mouse.move(x + right, y + below, { steps: 4 });
  await page.mouse.up();
  const pane = page.getByRole('complementary', { name: 'Selection' });
  await pane.getByText('3 pairs of 3 prompts', { exact: true }).waitFor();
  await pane.getByRole('button', { name: 'Label first' }).click();
  await page.getByText(/^3 pairs first in the queue, tagged/).waitFor();
  const queue = { text: '', sourceId: null, status: 'all', where: { shown: 'first' } } as const;
  const queued = async () => (await facet.services.library.rows(queue, 0, 10)).map((row) => row.id);
  expect(await queued()).toEqual([2, 4, 6]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queued).toEqual([]);
});

test('over time: codes that split off and go are named, step by step, and beside those of another checkpoint', async () => {
  const { page, folder, id, runs, compute } = await pausedRun();
  await runs.wait(id);
  compute.bestAt = 2;
  await runs.resume(id);
  await runs.wait(id);
  const kept = join(folder, 'test.facet.files', 'runs', String(id), PRIORS_FOLDER);
  mkdirSync(kept);
  writeFileSync(join(kept, PRIORS_PROMPTS), JSON.stringify(['1', '2', '3', '4']));
  const steps = [
    [0, 0, 0, 1],
    [0, 0, 2, 1],
    [0, 0, 2, 0],
  ];
  for (const [at, strongest] of steps.entries()) {
    const weights = strongest.flatMap((code) => [0, 1, 2].map((other) => (other === code ? 1 : 0)));
    writeFileSync(join(kept, priorsFile(at + 1)), new Float32Array(weights));
  }
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  await page.reload();
  await page.getByText('Timeline', { exact: true }).click();
  const table = page.getByRole('region', { name: 'Codes from first to last, table' });
  await table.getByText('split off from 0 at step 2').waitFor();
  await table.getByText('went into 0 at step 3').waitFor();
  await page.getByText(/^4 held-out prompts; 75 % kept their strongest code/).waitFor();
  await page.getByText('Prompts that move', { exact: true }).click();
  await page.getByRole('application', { name: /^4 held-out prompts at step 3/ }).waitFor();
  const evaluation = page.getByRole('slider', { name: 'Evaluation' });
  await evaluation.focus();
  await page.keyboard.press('Home');
  await page.getByText('Step 1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('application', { name: /^4 held-out prompts at step 3/ }).waitFor();
  await page.getByText('Shares of codes', { exact: true }).click();
  await page
    .getByRole('combobox', { name: 'Codes beside' })
    .selectOption({ label: 'Beside Paused early, step 2' });
  await page.getByText(/fewer than the 10 that codes are matched on/).waitFor();
});

test('a code’s page: the labels that made it, by posterior weight, those held out left aside', async () => {
  const { page, id, runs, compute } = await pausedRun();
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}&code=2`;
  }, id);
  await page.reload();
  const section = page.getByRole('complementary').filter({ hasText: 'Labels that made it' });
  await section.getByRole('button', { name: 'Find them' }).click();
  const list = section.getByRole('list', { name: 'Labels with the most posterior weight' });
  await list.waitFor();
  // Of six pairs the first is held out; 3 and 5 are code 2's, the later with more weight.
  expect(await list.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringMatching(/^5 · How do I water plant 5\?\s*q 0\.75 · prior 0\.50$/),
    expect.stringMatching(/^3 · How do I water plant 3\?\s*q 0\.65 · prior: another code$/),
  ]);
  await section.getByText(/^Of 5 pairs trained on the posterior of 2 is strongest for it/).waitFor();
  expect(compute.jobs.filter((job) => job.kind === 'score')).toHaveLength(1);
});
