/** Three and more replies to one prompt: put in order by keys and by dragging, read out, stored and taken back as one. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../helpers/accessibility.ts';
import { rootDir } from '../helpers/facetWindow.ts';
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
    .filter((text) => /\d(st|nd|rd|th)/.test(text));
/** In both schemes. */
async function picture(page: Page, name: string): Promise<void> {
  const shot = (look: string) =>
    page.screenshot({ path: join(rootDir, 'test-results', `${name}-${look}.png`) });
  await shot('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('dark');
  await page.emulateMedia({ colorScheme: 'light' });
}
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

test('how much better each place is, and an order by each aspect, are asked by keys before it is saved', async () => {
  const { page, facet } = await openScreen(ROWS, '#/annotate');
  const aspects = [
    { name: 'Helpful', description: '', required: true },
    { name: 'Honest', description: '', required: false },
  ];
  await facet.services.project.updateSettings({
    verdict: { strength: 'four', aspects, confidence: 'required', rationale: 'off' },
  });
  await page.reload();
  await cards(page).waitFor();
  const by = page.getByRole('toolbar', { name: 'Put in order' });
  await press(page, '2', '1', '3');
  expect(await places(page)).toEqual(['1st 2', 'how much? 2nd 1', 'how much? 3rd 3', 'how much? 4th 4']);
  await press(page, 'Enter');
  const step = page.getByRole('region', { name: 'How much better' });
  await step.getByText('1st over 2nd').first().waitFor();
  await picture(page, 'ranking-steps');
  await press(page, '3', '1', '2');
  // The required aspect is next; its order has places of its own.
  const helpful = page.getByRole('list', { name: 'Ranking by Helpful so far' });
  await helpful.waitFor();
  await press(page, '4', '=', '1', '2');
  await by.getByRole('button', { name: 'By Helpful, required, done' }).waitFor();
  await picture(page, 'ranking-aspect');
  await press(page, 'a', '0');
  await by.getByRole('button', { name: 'By Honest, does not apply' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await press(page, 'Enter');
  await page.getByRole('group', { name: /How sure, required, the digits answer it now/ }).waitFor();
  expect(await places(page)).toEqual(['1st 2', 'much 2nd 1', 'slightly 3rd 3', 'clearly 4th 4']);
  await press(page, '4', 'Enter');
  await page.getByRole('region', { name: 'Prompt' }).getByText('fern').waitFor();
  await page.getByText('6 in this session').waitFor();
  const said = facet.services.annotate.verdicts(1).standing[0];
  expect(said).toBeDefined();
  await press(page, 'z');
  await page.getByRole('region', { name: 'Prompt' }).getByText('cactus').waitFor();
  expect(await places(page)).toEqual(['1st 2', 'much 2nd 1', 'slightly 3rd 3', 'clearly 4th 4']);
  await page.reload();
  await cards(page).waitFor();
  expect(await places(page)).toEqual([]);
  await page.keyboard.press('Shift+Z');
  await page.getByRole('region', { name: 'Prompt' }).getByText('fern').waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/annotate?pair=1';
  });
  await cards(page).waitFor();
  await expect.poll(() => places(page)).toEqual(['1st 2', 'much 2nd 1', 'slightly 3rd 3', 'clearly 4th 4']);
  await press(page, 'a');
  await expect
    .poll(async () => (await helpful.getByRole('listitem').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' '))
    // Replies that tie have no order of their own.
    .toMatch(/1st (?:4 1|1 4) 2nd 2 3rd 3/);
});
