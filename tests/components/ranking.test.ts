/** Three and more replies to one prompt: put in order by keys and by dragging, read out, stored and taken back as one. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../helpers/accessibility.ts';
import { closeBrowserAfterAll, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const REPLIES = ['Water it weekly.', 'Drown it.', 'Once a week, in the morning.', 'Ask a gardener.'];
const ROWS = [
  { prompt: 'How do I water a cactus?', responses: REPLIES },
  { prompt: 'How do I water a fern?', responses: ['Daily.', 'Never.', 'When it is dry.'] },
];

const strip = (page: Page) => page.getByRole('list', { name: 'Ranking so far' });
/** The places as they are drawn: `1st 2`, `2nd 1 4`. */
const places = async (page: Page): Promise<string[]> =>
  (await strip(page).getByRole('listitem').allInnerTexts())
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => /^\d/.test(text));
const cards = (page: Page) => page.getByRole('group', { name: /replies to rank/ });
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

test('digits place the next best, = ties, arrows move, Enter saves, and Z takes it all back', async () => {
  const { page, facet } = await openScreen(ROWS, '#/annotate');
  await cards(page).waitFor();
  const shown = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      page.getByRole('region', { name: `Reply ${number}`, exact: true }).textContent(),
    ),
  );
  expect(shown.toSorted()).toEqual(REPLIES.toSorted());
  await press(page, '3', '=', '1', '2');
  expect(await places(page)).toEqual(['1st 3 1', '2nd 2', '3rd 4']);
  expect(await page.getByRole('status').filter({ hasText: '1st' }).textContent()).toBe(
    '1st: replies 3 and 1. 2nd: reply 2. 3rd: reply 4.',
  );
  await press(page, 'ArrowUp', 'ArrowUp', 'ArrowRight', '=', '=', 'ArrowRight', 'ArrowDown');
  await page.getByRole('region', { name: /^Reply 4, 3rd/ }).waitFor();
  expect(await places(page)).toEqual(['1st 2', '2nd 1 3', '3rd 4']);
  expect(await violations(page)).toEqual([]);
  await press(page, 'Enter');
  await page.getByRole('region', { name: 'Prompt' }).getByText('fern').waitFor();
  await page.getByText('6 in this session').waitFor();
  const standing = (pairId: number) => facet.services.annotate.verdicts(pairId).standing.length;
  await expect.poll(() => [1, 2, 3, 4, 5, 6].map(standing)).toEqual([1, 1, 1, 1, 1, 1]);
  await press(page, 'z');
  await page.getByRole('region', { name: 'Prompt' }).getByText('cactus').waitFor();
  expect(await places(page)).toEqual(['1st 2', '2nd 1 3', '3rd 4']);
  await page.getByRole('button', { name: 'Redo: ranking on “How do I water a cactus?”' }).click();
  await page.getByText('6 in this session').waitFor();
  await press(page, 's');
  await page
    .getByText(/skipped/i)
    .first()
    .waitFor();
});

test('a reply is dragged before another, onto it for a tie, and off', async () => {
  const { page } = await openScreen(ROWS, '#/annotate');
  await cards(page).waitFor();
  const head = (number: number) => cards(page).getByRole('heading', { name: `Reply ${number}` });
  const chip = (number: number) => strip(page).getByRole('button', { name: `Reply ${number}` });
  await head(2).dragTo(strip(page));
  await head(4).dragTo(strip(page));
  expect(await places(page)).toEqual(['1st 2', '2nd 4']);
  await head(1).dragTo(chip(4));
  expect(await places(page)).toEqual(['1st 2', '2nd 4 1', '3rd 3']);
  await chip(3).dragTo(strip(page).getByRole('listitem').first(), { targetPosition: { x: 3, y: 12 } });
  expect(await places(page)).toEqual(['1st 3', '2nd 2', '3rd 4 1']);
  await chip(2).dragTo(page.getByText('All placed'));
  expect(await places(page)).toEqual(['1st 3', '2nd 4 1']);
  expect(await page.getByRole('button', { name: 'Save ranking' }).isDisabled()).toBe(true);
});
