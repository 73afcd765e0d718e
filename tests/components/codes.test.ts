/** The Codes screen: whose codes it shows, and how those that were not read come in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('of a paused run are read by its checkpoint, and again once it has gone on', async () => {
  const { page, facet, compute, folder } = await openScreen(numberedRows(6), '#/library');
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
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  // The run came about behind the page's back.
  await page.reload();
  await page.getByRole('heading', { name: 'The codes of Paused early have not been read' }).waitFor();
  await page.getByRole('button', { name: 'Read the codes of step 1' }).click();
  const chosen = page.getByRole('combobox', { name: 'Run', exact: true });
  await chosen.getByText('Paused early, step 1').waitFor({ state: 'attached' });
  await page.getByText('2 of 3 in use', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: /^Read the codes/ }).count()).toBe(0);

  compute.oddWeights = [0.2, 0.3, 0.5];
  compute.failing.set('codes', { code: 'compute.worker-died', message: 'The compute process ended.' });
  await runs.resume(id);
  await runs.wait(id);
  await page.reload();
  await page.getByRole('button', { name: 'Read the codes of step 3' }).click();
  await page.getByRole('alert').getByText('The compute process ended.').waitFor();
  await chosen.getByText('Paused early, step 1').waitFor({ state: 'attached' });
  compute.failing.clear();
  await page.getByRole('button', { name: 'Read the codes of step 3' }).click();
  await chosen.getByText('Paused early, step 3').waitFor({ state: 'attached' });
  await page.getByText('3 of 3 in use', { exact: true }).waitFor();
});
