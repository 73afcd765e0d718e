/** A damaged project is said to be one, is looked at but not written to, and a backup takes its place. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { damagePagesWith } from '#main/data/testDamage.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('damage is shown, and going back to a backup ends it', async () => {
  const rows = numberedRows(200).map((row) => ({ ...row, chosen: `${row.chosen} `.repeat(20) }));
  const { page, facet, folder } = await openScreen(rows, '#/settings');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('button', { name: /^Go back to / }).waitFor();

  const { project } = facet.services;
  const path = join(folder, 'test.facet');
  await project.close();
  expect(damagePagesWith(path, 'wants a glass a week')).toBeGreaterThan(0);
  await project.open(path);
  await page.reload();
  const notice = page.getByRole('alert').filter({ hasText: 'The project file is damaged' });
  await notice.waitFor();
  await notice.getByRole('button', { name: 'Show its backups' }).click();
  await page.getByRole('button', { name: /^Go back to / }).click();
  await page.getByRole('button', { name: 'Replace the project' }).click();
  await notice.waitFor({ state: 'detached' });
  await page.getByText('Replaced by a backup').waitFor();
  expect(project.current()).toMatchObject({ damage: [], counts: { pairs: 200 } });
});
