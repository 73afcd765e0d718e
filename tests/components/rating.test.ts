/** Single replies on the desk: keys, buttons, history, and the way there. */
import { expect, test } from 'vitest';
import { violations } from '../helpers/accessibility.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { runCommand } from '../helpers/walk.ts';

closeBrowserAfterAll();

test('replies are rated by keys and buttons, taken back and given again', async () => {
  const { page, facet } = await openScreen(numberedRows(2), '#/settings');
  await page.getByRole('radiogroup', { name: 'Single replies are rated' }).getByText('1 to 5').click();
  await page.getByRole('textbox', { name: 'Good from' }).waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
  await page.getByRole('button', { name: 'Single replies' }).click();
  const bar = page.getByRole('toolbar', { name: 'Rating' });
  const told = page.getByRole('status').getByText(/rated/);
  await bar.getByRole('button', { name: 'Very good' }).waitFor();
  const reply = page.getByRole('region', { name: 'Reply text' });
  const first = await reply.textContent();
  await page.keyboard.press('5');
  await told.getByText('1 rated').waitFor();
  expect(await reply.textContent()).not.toBe(first);
  await bar.getByRole('button', { name: 'Poor' }).click();
  await told.getByText('2 rated').waitFor();
  await page.keyboard.press('s');
  await told.getByText('2 rated, 1 skipped').waitFor();
  for (const words of [/^2 rated$/, /^1 rated$/, /^0 rated$/]) {
    await page.keyboard.press('z');
    await told.getByText(words).waitFor();
  }
  expect(await reply.textContent()).toBe(first);
  await page.getByRole('button', { name: 'Redo: Very good' }).click();
  await told.getByText(/^1 rated$/).waitFor();
  expect(await violations(page)).toEqual([]);
  await runCommand(page, 'Undo: Very good');
  await told.getByText(/^0 rated$/).waitFor();
  await runCommand(page, 'Very good');
  await told.getByText(/^1 rated$/).waitFor();
  for (const count of [2, 3, 4]) {
    await page.keyboard.press('4');
    await told.getByText(`${count} rated`).waitFor();
  }
  await page.getByText('All rated').waitFor();
  const selection = { labels: 'people', sourceIds: null } as const;
  expect(facet.services.runs.countPairs(selection)).toMatchObject({ pairs: 0, singles: 4 });
  await page.getByRole('button', { name: 'To the pairs' }).click();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
}, 90_000);
