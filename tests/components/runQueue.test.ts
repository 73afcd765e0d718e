/** Runs that wait for the one that trains, on the Train screen. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('wait in the order that a person gives them, are taken off, and start one after another', async () => {
  const { page, facet, compute, folder } = await openScreen(numberedRows(6), '#/library');
  const { models, runs } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const modelId = (await models.add(join(folder, 'tiny'))).id;
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  const request = (name: string) => ({
    name,
    modelId,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null } as const,
  });
  const { id } = await runs.start(request('First'));
  for (const name of ['Second', 'Third', 'Fourth']) await runs.queue.add(request(name));
  await page.evaluate((run) => {
    window.location.hash = `#/train?run=${run}`;
  }, id);
  await page.reload();
  const queue = page.getByRole('region', { name: 'Queue of runs' });
  const names = () => queue.getByRole('listitem').evaluateAll((items) => items.map((item) => item.ariaLabel));
  await expect.poll(names).toEqual(['Second', 'Third', 'Fourth']);
  await queue.getByRole('button', { name: 'Earlier: Fourth' }).press('Enter');
  await expect.poll(names).toEqual(['Second', 'Fourth', 'Third']);
  await queue.getByRole('button', { name: 'Take off the queue: Second' }).click();
  await expect.poll(names).toEqual(['Fourth', 'Third']);
  expect(runs.queue.state().runs.map(({ name }) => name)).toEqual(['Fourth', 'Third']);
  letOn();
  const list = page.getByRole('list', { name: 'Runs, newest first' });
  await list.getByText('Third', { exact: true }).waitFor();
  await list.getByText('Fourth', { exact: true }).waitFor();
  await queue.waitFor({ state: 'detached' });
});
