/** What people do with runs: names, notes, deleting one and bringing it back. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shorterRows } from '#core/outOfMemory.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { STEP_PAIRS_FILE } from '#core/stepPairs.ts';
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
  // What a worker that trains would keep of its steps.
  const files = readdirSync(folder).find((name) => name.endsWith('.files')) ?? '';
  const kept = { step: 2, pairIds: ['3', '1'], margins: [-0.25, 0.5], codes: null, weights: null };
  writeFileSync(join(folder, files, 'runs', String(id), STEP_PAIRS_FILE), `${JSON.stringify(kept)}\n`);
  await page.reload();
  await page.getByRole('slider', { name: /^Loss by step/ }).press('Enter', { timeout: 60_000 });
  const pairs = page.getByRole('dialog', { name: 'Pairs of step 2 of Run 1' });
  await pairs.getByRole('row', { name: /plant 3.* Open pair 3/ }).waitFor();
  expect(await pairs.getByRole('row').count()).toBe(3);
  await page.keyboard.press('Escape');
  await pairs.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Chart: Loss' }).locator('.u-over').click();
  const middle = page.getByRole('dialog', { name: 'Pairs of step 1 of Run 1' });
  await middle.getByText('The pairs of step 1 of Run 1 were not kept').waitFor();
  await page.keyboard.press('Escape');
  await middle.waitFor({ state: 'detached' });
  const heldOut = page.getByRole('region', { name: 'Held-out pairs' });
  await heldOut.getByText('the most wrong and the most right').click();
  await heldOut.getByRole('button', { name: 'Open pair 6' }).waitFor();
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

test('a run that had no memory is paused, and one press goes on with the budget that is proposed', async () => {
  const { fix, suggestion } = shorterRows(512);
  const { page, facet, folder, compute } = await openScreen(numberedRows(6), '#/train');
  compute.failing.set('train', {
    code: 'train.out-of-memory',
    message: 'The card has no memory left.',
    fix,
    suggestion,
  });
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
  await page.getByText('The card has no memory left.').first().waitFor();
  await page.getByText('Paused', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'New run with a token budget of 512' }).waitFor();
  for (const name of ['New run with a token budget of 512', 'Resume with a token budget of 512']) {
    const box = await page.getByRole('button', { name }).boundingBox();
    expect(box?.height, name).toBeGreaterThan(24);
  }
  compute.failing.clear();
  await page.getByRole('button', { name: 'Resume with a token budget of 512' }).click();
  await page.getByText('Finished', { exact: true }).first().waitFor();
  expect(compute.jobs.filter(({ kind }) => kind === 'train').at(-1)).toMatchObject({ rowTokens: 512 });
});
