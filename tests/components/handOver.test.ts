/** One machine, several people: the page is handed over by a name, and is then that person's alone. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('the page is handed to an annotator, stays theirs over a reload, and is given back', async () => {
  const { page, facet } = await openScreen(numberedRows(6), '#/annotate');
  const { people, annotate } = facet.services;
  await people.add({ name: 'Bo', role: 'annotator' });
  await people.add({ name: 'Cyd', role: 'adjudicator' });
  const header = page.getByRole('banner');
  const verdict = page.getByRole('toolbar', { name: 'Verdict' });
  await header.getByRole('button', { name: 'Ada' }).click();
  await page.getByRole('button', { name: 'Bo Annotator' }).click();
  await header.getByRole('button', { name: 'Bo', exact: true }).waitFor();
  await verdict.waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);
  await page.keyboard.press('1');
  await page.getByText('Pair 2 of 6').waitFor();
  await page.getByRole('status').getByText('Saved').waitFor();
  expect(annotate.verdicts(1).standing.map(({ annotator }) => annotator)).toEqual(['Bo']);

  // Neither a reload nor an address leads out of it.
  await page.evaluate(() => {
    window.location.hash = '#/library';
  });
  await page.reload();
  await header.getByRole('button', { name: 'Bo', exact: true }).waitFor();
  await verdict.waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);

  await header.getByRole('button', { name: 'Bo', exact: true }).click();
  await page.getByRole('button', { name: 'Cyd Adjudicator' }).click();
  await header.getByRole('button', { name: 'Disagreements' }).waitFor();
  await header.getByRole('button', { name: 'Cyd', exact: true }).click();
  await page.getByRole('button', { name: 'The whole workbench Owner' }).click();
  await page.getByRole('navigation').first().waitFor();
  await page.reload();
  await page.getByRole('navigation').first().waitFor();
  await header.getByRole('button', { name: 'Ada' }).waitFor();
}, 90_000);
