/** What people do with runs: names, notes, deleting one and bringing it back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('a run is renamed, noted on, deleted and brought back', async () => {
  const { page, facet, folder } = await openScreen(numberedRows(6), '#/train');
  const { models, runs } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'tiny'));
  const { id } = await runs.start({
    modelId,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(id);
  await page.reload();
  await page.getByRole('button', { name: 'Name and note' }).click();
  const words = page.getByRole('dialog', { name: 'Name and note' });
  await words.getByRole('textbox', { name: 'Name' }).fill('Baseline');
  await words.getByRole('textbox', { name: 'Note' }).fill('Before the new labels.');
  await words.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Baseline' }).waitFor();
  await page.getByRole('region', { name: 'Notes' }).getByText('Before the new labels.').waitFor();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText(/^Baseline is deleted/).waitFor();
  expect(runs.list()).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Baseline' }).waitFor();
  expect(runs.list().map((run) => run.note)).toEqual(['Before the new labels.']);
});
