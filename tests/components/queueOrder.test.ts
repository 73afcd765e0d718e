/** The order of the queue: chosen by keys, kept in the address, with the reason on the pair. */
import { expect, test } from 'vitest';
import { labelAs } from '#main/testLabeller.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('least labelled first says how many have labelled a pair, and lasts in the address', async () => {
  const { page, facet } = await openScreen(numberedRows(3), '#/annotate');
  const bo = await labelAs(facet, 'Bo');
  await bo.decide({ pairId: 1, verdict: 'a' });
  const prompt = page.getByRole('region', { name: 'Prompt' });
  await prompt.getByText('plant 1?').waitFor();
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Order of the queue' });
  await dialog.getByRole('radio', { name: 'Least labelled first' }).check();
  await dialog.getByRole('button', { name: 'Label in this order' }).click();
  await prompt.getByText('plant 2?').waitFor();
  const why = page.getByRole('note', { name: 'Why this pair' });
  expect(await why.textContent()).toBe('nobody has labelled it yet');
  expect(page.url()).toContain('order=least');
  await page.keyboard.press('1');
  await prompt.getByText('plant 3?').waitFor();
  await page.keyboard.press('1');
  await prompt.getByText('plant 1?').waitFor();
  expect(await why.textContent()).toBe('1 person has labelled it');
  await page.keyboard.press('z');
  await prompt.getByText('plant 3?').waitFor();
  await page.keyboard.press('o');
  await dialog.getByRole('radio', { name: 'By need' }).check();
  await dialog.getByText('Train a run first').waitFor();
  expect(await dialog.getByRole('button', { name: 'Label in this order' }).isDisabled()).toBe(true);
});
