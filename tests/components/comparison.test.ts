/** Two runs beside each other: the same pairs, what sets them apart, and the way to a pair they disagree on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('compares on the pairs held out from both, and opens one they disagree on', async () => {
  const { page, facet, folder } = await openScreen(numberedRows(6), '#/library');
  const { models, runs, project } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'tiny'));
  for (const seed of [1, 2]) {
    const { id } = await runs.start({
      name: `Seed ${seed}`,
      modelId,
      config: { ...DEFAULT_RUN, steps: 3, seed },
      selection: { labels: 'imported', sourceIds: null },
    });
    await runs.wait(id);
  }
  const database = new Sqlite(project.current()?.path ?? '');
  database.exec(`DELETE FROM pair_results WHERE (run_id = 1 AND pair_id > 4) OR (run_id = 2 AND pair_id = 1);
    UPDATE pair_results SET margin = -0.5 WHERE run_id = 2 AND pair_id = 3`);
  database.close();
  await page.evaluate(() => {
    window.location.hash = '#/train?run=1&compare=2';
  });
  await page.reload();
  const card = page.getByRole('region', { name: 'Compared with Seed 2' });
  await card.getByText('On 3 pairs of 3 prompts held out from both').waitFor();
  expect(await card.textContent()).toMatch(/\+0\.333 accuracy \(95 % \+0\.000 … \+1\.000\)/);
  expect(await card.textContent()).toContain('1 held out from Seed 1 alone, 2 held out from Seed 2 alone');
  expect(await card.getByRole('row', { name: 'seed 1 2' }).count()).toBe(1);
  await card.getByText('They disagree on 1 pair').click();
  await card.getByRole('button', { name: 'Open pair 3' }).click();
  await page.getByRole('main', { name: 'Annotate' }).waitFor();
  expect(page.url()).toContain('pair=3');
});
