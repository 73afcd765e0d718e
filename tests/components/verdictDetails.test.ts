/** What a verdict says beside which reply is better, by keys: answers, a reason, a flag; replies that are written. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { PLAIN_RULES, type VerdictRules } from '#core/verdictAttributes.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const prompt = (page: Page) => page.getByRole('region', { name: 'Prompt' });
const atPair = (page: Page, number: number) => prompt(page).getByText(`plant ${number}?`).waitFor();
const saved = (page: Page) => page.getByRole('status').getByText('Saved').waitFor();
const details = (page: Page) => page.getByRole('region', { name: 'More about the verdict' });

async function desk(rules: Partial<VerdictRules>, pairs = 3) {
  const opened = await openScreen(numberedRows(pairs), '#/library');
  await opened.facet.services.project.updateSettings({ verdict: { ...PLAIN_RULES, ...rules } });
  await opened.page.reload();
  await opened.page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
  await atPair(opened.page, 1);
  const historyOf = (pairId: number) => opened.facet.services.annotate.verdicts(pairId).history;
  return { ...opened, historyOf };
}
const HELPFUL = { name: 'Helpful', description: 'Answers what was asked', required: true };

test('aspects by digits, confidence and a reason before the verdict is given; all of it undone by one key', async () => {
  const { page, historyOf } = await desk({
    aspects: [HELPFUL, { ...HELPFUL, name: 'Honest' }],
    confidence: 'optional',
    rationale: 'required',
  });
  await page.keyboard.press('c');
  await page.keyboard.press('4');
  await page.keyboard.press('1');
  await details(page)
    .getByRole('group', { name: /^Helpful, required, the digits answer it now/ })
    .waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('3');
  // The keyboard is in the reason: letters that are keys elsewhere are typed.
  await page.keyboard.type('best by far');
  await page.keyboard.press('Enter');
  await atPair(page, 2);
  await saved(page);
  const [given] = historyOf(1);
  expect(given).toMatchObject({ action: 'decide', decision: given?.leftKey });
  expect(given?.attributes).toEqual({
    strength: null,
    aspects: { Helpful: given?.leftKey, Honest: 'tie' },
    confidence: 4,
    rationale: 'best by far',
    flag: null,
  });
  await page.keyboard.press('z');
  await atPair(page, 1);
  expect(await details(page).getByRole('textbox', { name: 'Why' }).inputValue()).toBe('best by far');
  await page.keyboard.press('2');
  await atPair(page, 2);
  await saved(page);
  expect(historyOf(1).at(-1)?.attributes).toEqual(given?.attributes);
});

test('a scale by one key, or by an arrow and a second key; Escape lets go', async () => {
  const { page, historyOf } = await desk({ strength: 'four' });
  await page.getByRole('button', { name: 'Left far better' }).waitFor();
  await page.keyboard.press('2');
  await atPair(page, 2);
  await saved(page);
  expect(historyOf(1)[0]).toMatchObject({ decision: historyOf(1)[0]?.leftKey, attributes: { strength: 3 } });
  await page.keyboard.press('ArrowRight');
  await details(page)
    .getByRole('group', { name: /^How much better.*the digits answer it now/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('5');
  await atPair(page, 3);
  await saved(page);
  expect(historyOf(2)[0]).toMatchObject({ decision: 'tie', attributes: { strength: null } });
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('4');
  await page.getByRole('heading', { name: 'All labelled' }).waitFor();
  const last = historyOf(3)[0];
  expect(last?.decision).not.toBe(last?.leftKey);
  expect(last?.attributes.strength).toBe(4);
});

test('a verdict against the file comes back and asks why; Enter without a word leaves it as it stands', async () => {
  const { page, historyOf } = await desk({ rationale: 'disagreement' });
  await page.keyboard.press('3');
  const why = details(page).getByRole('textbox', { name: 'Why' });
  await page.getByPlaceholder(/Others say otherwise/).waitFor();
  await atPair(page, 1);
  expect(historyOf(1).map(({ decision }) => decision)).toEqual(['tie']);
  await page.keyboard.type('both are fine');
  await page.keyboard.press('Enter');
  await atPair(page, 2);
  await saved(page);
  expect(historyOf(1).map(({ attributes }) => attributes.rationale)).toEqual([null, 'both are fine']);
  await page.keyboard.press('3');
  await page.getByPlaceholder(/Others say otherwise/).waitFor();
  await page.keyboard.press('Enter');
  await atPair(page, 3);
  expect(historyOf(2)).toHaveLength(1);
  expect(await why.inputValue()).toBe('');
});

test('a flag with its reason outlives a reload and goes with the verdict', async () => {
  const { page, historyOf } = await desk({});
  await page.keyboard.press('f');
  await page.keyboard.type('cut off');
  await page.keyboard.press('Enter');
  await page.reload();
  await atPair(page, 1);
  expect(await details(page).getByRole('textbox', { name: 'Flag' }).inputValue()).toBe('cut off');
  await page.keyboard.press('s');
  await atPair(page, 2);
  await saved(page);
  expect(historyOf(1)[0]).toMatchObject({ decision: 'skip', attributes: { flag: 'cut off' } });
  expect(await details(page).count()).toBe(0);
});

test('a reply edited in place is one of its own, chosen over the original; a third is chosen over both', async () => {
  const { page, facet, historyOf } = await desk({}, 1);
  await page.keyboard.press('Shift+E');
  const editor = page.getByRole('textbox', { name: 'Right reply, edited' });
  const original = await editor.inputValue();
  await editor.fill('A glass a week, in the morning.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+E');
  expect(await editor.inputValue()).toBe('A glass a week, in the morning.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('chosen over the original').last().waitFor();
  await editor.waitFor({ state: 'detached' });
  await atPair(page, 1);
  const edited = await facet.services.library.pair(2);
  expect([edited.left.text, edited.right.text]).toContain(original);
  const [given] = historyOf(2);
  const chosen = edited.left.key === given?.decision ? edited.left.text : edited.right.text;
  expect(chosen).toBe('A glass a week, in the morning.');
  expect(historyOf(1)).toEqual([]);
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'A third reply' }).fill('Ask the plant.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('chosen over both').last().waitFor();
  await expect.poll(() => facet.services.project.current()?.counts.pairs).toBe(4);
  expect([3, 4].map((id) => historyOf(id).length)).toEqual([1, 1]);
});

test('what is asked of a verdict is set in Settings and holds at once', async () => {
  const { page, facet } = await openScreen(numberedRows(1), '#/settings');
  await page.getByRole('radiogroup', { name: 'How much better' }).getByText('7 points').click();
  await page.getByRole('textbox', { name: 'New aspect' }).fill('Honest');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What Honest means' }).waitFor();
  await expect
    .poll(() => facet.services.project.current()?.settings.verdict)
    .toMatchObject({
      strength: 'seven',
      aspects: [{ name: 'Honest', required: true }],
    });
  await page.getByRole('textbox', { name: 'New aspect' }).fill('Honest');
  await page.getByText('There is one of that name.').waitFor();
});
