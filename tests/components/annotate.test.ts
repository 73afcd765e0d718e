/** The desk: keys, focus, what is said, and what one bad pair may not end. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('one pair that can not be drawn leaves the desk and every other pair as they are', async () => {
  const { page } = await openScreen(numberedRows(2), '#/library');
  // A defect in reading the prompt of the first pair, wherever it is read.
  await page.evaluate(() => {
    const replace = String.prototype.matchAll;
    String.prototype.matchAll = function (this: string, pattern: RegExp) {
      if (this.startsWith('How do I water plant 1?')) throw new Error('an ill-formed prompt');
      return replace.call(this, pattern);
    };
    window.location.hash = '#/annotate';
  });
  await page.getByText('Pair 1 could not be drawn: an ill-formed prompt').waitFor();
  await page.keyboard.press('s');
  await page.getByRole('region', { name: 'Prompt' }).getByText('How do I water plant 2?').waitFor();
  expect(await page.getByText('could not be drawn').count()).toBe(0);
});
