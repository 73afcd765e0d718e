/** Near-duplicates beside the Library's table: found, shown in groups, all but one excluded, and taken back. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const LETTER = 'How should I word a polite letter to my landlord about the heating that does not work?';
const RECIPE = 'Which of these three recipes is the quickest one to cook on a weekday evening for four?';
const rows = [
  [LETTER, 'Write to them kindly and name the date.', 'Shout at them until they listen to you.'],
  [LETTER.toUpperCase(), 'Write to them kindly and name the date', 'Shout at them until they listen to you!'],
  [RECIPE, 'The second one takes ten minutes.', 'None of them, order a pizza instead.'],
  [`${RECIPE} Please.`, 'I would take the soup.', 'Write to them kindly and name the date.'],
].map(([prompt = '', chosen = '', rejected = '']) => ({ prompt, chosen, rejected }));

test('are found, and all but one are excluded until that is taken back', async () => {
  const { page, facet } = await openScreen(rows, '#/library');
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Duplicates').click();
  await page.getByText('Not searched yet').waitFor();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const kinds = page.getByRole('toolbar', { name: 'What is alike' });
  await kinds.getByRole('button', { name: 'Pairs 2 in 1 group' }).waitFor();
  const shot = (name: string) => page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });
  await kinds.getByRole('button', { name: /^Prompts/ }).click();
  const group = page.getByRole('region', { name: '2 prompts alike, group 1' });
  await group.getByRole('listitem').nth(1).waitFor();
  await shot('duplicates');
  await page.emulateMedia({ colorScheme: 'dark' });
  await kinds.getByRole('button', { name: /^Replies/ }).click();
  await page.getByRole('region', { name: /replies alike, group 1/ }).waitFor();
  await shot('duplicates-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await kinds.getByRole('button', { name: /^Pairs/ }).click();
  const pairs = page.getByRole('region', { name: '2 pairs alike, group 1' });
  await pairs
    .getByRole('button', { name: /^Keep this one/ })
    .nth(1)
    .click();
  const undo = page.getByRole('status').getByText('Excluded 1 pair');
  await undo.waitFor();
  await pairs.getByText('one is kept').waitFor();
  const filter = { text: '', sourceId: null, status: 'all' } as const;
  expect(await facet.services.library.count(filter)).toBe(3);
  await page.setViewportSize({ width: 560, height: 800 }).catch(() => undefined);
  await shot('duplicates-narrow');
  await page.getByRole('button', { name: 'Undo' }).click();
  await undo.waitFor({ state: 'detached' });
  await expect.poll(() => facet.services.library.count(filter)).toBe(4);
});

test('of held-out prompts with training prompts are said on the run, with what is alike', async () => {
  const { page } = await openScreen(rows, '#/train');
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill('2');
  const start = form.getByRole('button', { name: 'Start', exact: true });
  await expect.poll(() => start.isEnabled()).toBe(true);
  await start.click();
  const leakage = page.getByRole('region', { name: 'Leakage' });
  await leakage.getByText('1 of 1 held-out prompt').waitFor();
  await leakage.getByText('The most alike').click();
  await leakage.getByText(`trained on: ${LETTER.toUpperCase()}`).waitFor();
  await leakage.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(rootDir, 'test-results', 'leakage.png') });
});
