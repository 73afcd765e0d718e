/** The audit beside the Library's table: the list, a label decided again by one key, undo, and a run without the rest. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { violations } from '../helpers/accessibility.ts';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { runCommand } from '../helpers/walk.ts';

closeBrowserAfterAll();

test('labels are judged, one is decided again and taken back, and a run begins without the others', async () => {
  const { page, facet, folder, compute } = await openScreen(numberedRows(6), '#/library');
  const { models, runs } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { id: modelId } = await models.add(join(folder, 'tiny'));
  const selection = { labels: 'people-then-imported', sourceIds: null } as const;
  const { id } = await runs.start({ modelId, config: { ...DEFAULT_RUN, steps: 2 }, selection });
  await runs.wait(id);
  compute.scores = [-3, 2, 1, -2, 3, 0.5];
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Audit').click();
  await page.getByRole('button', { name: 'Audit the labels' }).click();
  const list = page.getByRole('list', { name: 'Labels that others contradict, most first' });
  await list.getByText('1 · 5 % likely · margin −3.00').waitFor();
  await page.getByText('2 labels, 2 open; 2 of 6 contradicted by the others').waitFor();
  await page.getByText('Plant 1 wants a glass a week.').waitFor();
  const shot = (name: string) => page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });
  await shot('audit');
  expect(await violations(page)).toEqual([]);
  // The file prefers the glass: whichever side it is on, a tie is none.
  await page.keyboard.press('t');
  await list.getByText('no longer prefers a reply').waitFor();
  await page.getByText('Plant 4 wants a glass a week.').waitFor();
  await page.getByText('2 labels, 1 open').waitFor();
  await page.keyboard.press('z');
  await page.getByText('2 labels, 2 open').waitFor();
  await runCommand(page, 'Tie');
  await page.getByText('2 labels, 1 open').waitFor();
  await runCommand(page, 'Undo');
  await page.getByText('2 labels, 2 open').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('audit-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 560, height: 900 });
  await shot('audit-narrow');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Retrain without these 2' }).click();
  await page.waitForURL(/train\?new=form/);
  expect(await facet.services.library.count({ text: '', sourceId: null, status: 'all' })).toBe(4);
});
