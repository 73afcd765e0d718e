/** The desk: keys, focus, what is said, and what one bad pair may not end. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeKeys } from '#renderer/features/annotate/keys/keyMap.ts';
import { keepDownloads } from '../helpers/keepDownloads.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('one pair that can not be drawn leaves the desk and every other pair as they are', async () => {
  const { page, folder } = await openScreen(numberedRows(2), '#/library');
  // A defect in reading the prompt of the first pair, wherever it is read.
  await page.evaluate(() => {
    const replace = String.prototype.matchAll;
    String.prototype.matchAll = function (this: string, pattern: RegExp) {
      if (this.startsWith('How do I water plant 1?')) throw new Error('an ill-formed prompt');
      return replace.call(this, pattern);
    };
    window.location.hash = '#/annotate';
  });
  await page.getByText('Pair 1 could not be shown: an ill-formed prompt').waitFor();
  const downloads = await keepDownloads(page);
  await page.getByRole('button', { name: 'Save a report' }).click();
  const [[name = '', report = ''] = []] = Object.entries(await downloads());
  expect(name).toMatch(/^facet-[\dTZ-]+\.txt$/);
  expect(report).toMatch(/^Facet \S+ met an error in a pair of the screen Annotate\.\n.*Chrome/);
  for (const secret of ['ill-formed', 'water plant', folder, 'Ada']) expect(report).not.toContain(secret);
  await page.keyboard.press('s');
  await page.getByRole('region', { name: 'Prompt' }).getByText('How do I water plant 2?').waitFor();
  expect(await page.getByText('could not be shown').count()).toBe(0);
});

test('Space after a clicked verdict decides nothing more', async () => {
  const { page } = await openScreen(numberedRows(3), '#/annotate');
  await page.getByRole('button', { name: /^Tie/ }).click();
  await page.getByText('1 in this session').waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Saved').waitFor();
  expect(await page.getByText('1 in this session').count()).toBe(1);
});

test('the keys are read out with what they do', async () => {
  const { page } = await openScreen(numberedRows(1), '#/annotate');
  const pane = page.getByRole('complementary', { name: 'History' });
  await pane.getByRole('term').filter({ hasText: '1 or Left arrow' }).waitFor();
  const tree = await pane.ariaSnapshot();
  expect(tree).toContain('term: 1 or Left arrow');
  expect(tree).toContain('definition: left better');
});

test('guidelines being written survive Esc, a reload and another screen, and are a version once saved', async () => {
  const { page, facet } = await openScreen(numberedRows(1), '#/annotate');
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.keyboard.press('?');
  const dialog = page.getByRole('complementary', { name: 'Guidelines' });
  await dialog.getByRole('button', { name: 'Edit' }).click();
  const text = dialog.getByRole('textbox', { name: 'Guidelines' });
  await text.fill('Prefer the one that is **true**.');
  await dialog.getByRole('textbox', { name: 'What changed' }).fill('Truth first');
  await dialog.getByText('Preview').click();
  expect(await dialog.getByRole('region', { name: 'Preview' }).locator('strong').textContent()).toBe('true');
  await dialog.getByText('Write', { exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('Alt+1');
  await page.getByRole('grid', { name: 'Pairs' }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.keyboard.press('?');
  expect(await text.inputValue()).toBe('Prefer the one that is **true**.');
  expect(facet.services.project.current()?.settings.guidelines).not.toContain('true');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Edit' }).waitFor();
  expect(facet.services.project.current()).toMatchObject({
    settings: { guidelines: 'Prefer the one that is **true**.' },
    guidelines: { number: 2, note: 'Truth first', author: 'Ada' },
  });
  await dialog.getByRole('button', { name: 'What changed in version 2' }).click();
  await dialog.getByRole('insertion').filter({ hasText: 'true' }).waitFor();
});

const title = (page: Page) => page.getByRole('heading', { level: 1 });
const prompt = (page: Page) => page.getByRole('region', { name: 'Prompt' });

test('the header names the place of the pair itself', async () => {
  const { page } = await openScreen(numberedRows(5), '#/annotate?pair=4');
  await title(page).getByText('Pair 4 of 5').waitFor();
  await page.keyboard.press('1');
  await title(page).getByText('Pair 1 of 5').waitFor();
});

test.each(['99', 'abc'])('an address with pair %s says that there is none', async (pair) => {
  const { page } = await openScreen(numberedRows(2), '#/annotate');
  await title(page).getByText('Pair 1 of 2').waitFor();
  await page.evaluate((id) => {
    window.location.hash = `#/annotate?pair=${id}`;
  }, pair);
  await page
    .getByRole('alert')
    .getByText(pair === '99' ? 'This project has no pair 99' : 'names no pair')
    .waitFor();
  await page.keyboard.press('1');
  await page.getByRole('button', { name: 'Continue with the queue' }).click();
  await title(page).getByText('Pair 1 of 2').waitFor();
  await page.getByText('0 in this session').waitFor();
});

test('all is labelled only when nothing was skipped, and skipped pairs come back when asked for', async () => {
  const { page } = await openScreen(numberedRows(2), '#/annotate');
  await prompt(page).getByText('plant 1?').waitFor();
  await page.keyboard.press('s');
  await prompt(page).getByText('plant 2?').waitFor();
  await page.keyboard.press('1');
  await page.getByRole('heading', { name: '1 pair skipped' }).waitFor();
  expect(await page.getByText('All labelled').count()).toBe(0);
  await page.getByRole('button', { name: 'Go through the skipped ones' }).click();
  await prompt(page).getByText('plant 1?').waitFor();
  await page.getByText('Skipped before').waitFor();
  await page.keyboard.press('2');
  await page.getByRole('heading', { name: 'All labelled' }).waitFor();
});

test('the pane shows what the file says after a second decision too', async () => {
  const { page } = await openScreen(numberedRows(2), '#/annotate');
  const pane = page.getByRole('complementary', { name: 'History' });
  for (const key of ['1', '2']) {
    await page.evaluate(() => {
      window.location.hash = '#/annotate?pair=1';
    });
    await title(page).getByText('Pair 1 of 2').waitFor();
    await page.keyboard.press(key);
    await title(page).getByText('Pair 2 of 2').waitFor();
    await pane.getByText(key === '1' ? 'Left better' : 'Right better', { exact: true }).waitFor();
    await pane.getByText(/^File: (left|right)$/).waitFor();
  }
});

test('a key is changed, taken from the action that had it, shown, used, and taken from a file', async () => {
  const { page } = await openScreen(numberedRows(3), '#/annotate');
  await prompt(page).getByText('plant 1?').waitFor();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('textbox').fill('Change keys');
  await palette.getByText('Left better').waitFor({ state: 'hidden' });
  await palette.getByRole('textbox').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Keys of the desk' });
  const skip = dialog.getByRole('group', { name: 'Skip' });
  await skip.getByRole('button', { name: 'S, change' }).click();
  await page.keyboard.press('g');
  await dialog.getByText('G begins the keys that open the screens.').waitFor();
  await page.keyboard.press('b');
  await dialog.getByText('B is the key of “Both bad”.').waitFor();
  await dialog.getByRole('button', { name: 'Give it to “Skip”' }).click();
  await skip.getByRole('button', { name: 'B, change' }).waitFor();
  await dialog.getByRole('group', { name: 'Both bad' }).getByText('no key').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('s');
  await page.keyboard.press('b');
  await prompt(page).getByText('plant 2?').waitFor();
  await page.getByRole('status').getByText('Saved').waitFor();
  await page.reload();
  await prompt(page).getByText('plant 2?').waitFor();
  const button = page.getByRole('toolbar', { name: 'Verdict' }).getByRole('button', { name: 'Skip' });
  expect(await button.getAttribute('aria-keyshortcuts')).toBe('B');

  await page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  const settings = page.getByRole('region', { name: 'Keys of the Annotate desk' });
  await settings.getByRole('button', { name: 'The usual keys for all' }).click();
  await settings.getByRole('button', { name: 'S, change' }).waitFor();
  await settings
    .locator('input[type=file]')
    .or(page.locator('input[accept^=".json"]'))
    .setInputFiles({
      name: 'keys.json',
      mimeType: 'application/json',
      buffer: Buffer.from(writeKeys({ skip: ['b'], both_bad: [] })),
    });
  await settings.getByRole('group', { name: 'Skip' }).getByRole('button', { name: 'B, change' }).waitFor();
});
