/** The Codes screen: whose codes it shows, and how those that were not read come in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
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
  await page.getByText('3 pairs of 3 prompts that fire it most').waitFor();
  await page.getByRole('button', { name: 'Label first' }).click();
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
