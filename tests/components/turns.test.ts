/** Replies that are more than one text: calls, thinking and several turns, at the desk, in the Library and its filter. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const call = (city: string) => [
  { id: 'c1', type: 'function', function: { name: 'weather', arguments: JSON.stringify({ city }) } },
];
const ROW = {
  prompt: [
    { role: 'developer', content: 'Answer in one line.' },
    { role: 'user', content: 'How warm is it in Oslo?' },
  ],
  tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
  chosen: [
    { role: 'assistant', content: '', reasoning_content: 'I have to look.', tool_calls: call('Oslo') },
    { role: 'tool', content: '7 C', tool_call_id: 'c1' },
    { role: 'assistant', content: 'It is seven degrees.' },
  ],
  rejected: [{ role: 'assistant', content: 'Quite warm, I think.' }],
};

test('are shown turn by turn at the desk, with calls, thinking and the tools on offer', async () => {
  const { page } = await openScreen([ROW], '#/annotate');
  const replies = page.getByRole('region', { name: /^(Left|Right) reply$/ });
  const long = replies.filter({ hasText: 'seven degrees' });
  await long.getByText('I have to look.').waitFor();
  expect(await long.getByText('Calls weather({"city":"Oslo"})').count()).toBe(1);
  expect(await long.getByText('Answers call c1').count()).toBe(1);
  expect(await long.getByText('7 C', { exact: true }).count()).toBe(1);
  const order = (await long.textContent()) ?? '';
  const places = ['I have to look.', 'Calls weather', '7 C', 'seven degrees'].map((text) =>
    order.indexOf(text),
  );
  expect(places).toEqual(places.toSorted((x, y) => x - y));
  expect(await replies.filter({ hasText: 'Quite warm' }).getByText('Calls').count()).toBe(0);
  await page.getByText('Tools on offer: weather').waitFor();
  await page.getByText('Answer in one line.').waitFor();
});

test('are shown in the Library as well, and what was flagged is found by its filter', async () => {
  const plain = { prompt: 'Name a fruit.', chosen: 'Apple.', rejected: 'Stone.' };
  const { page } = await openScreen([ROW, plain], '#/library');
  const grid = page.getByRole('grid', { name: 'Pairs' });
  await grid.getByText('How warm is it in Oslo?').click();
  await grid.focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Pair 1' });
  await detail.getByText('Calls weather({"city":"Oslo"})').waitFor();
  await detail.getByText('I have to look.').waitFor();
  // A verdict with a flag.
  await page.keyboard.press('a');
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.keyboard.press('f');
  await page.keyboard.type('a private name');
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  await page.getByRole('status').getByText('Saved').waitFor();
  await page.keyboard.press('Alt+1');
  await grid.getByText('Name a fruit.').waitFor();
  await page.keyboard.press('f');
  const filter = page.getByRole('dialog', { name: 'Filter' });
  await filter.getByRole('combobox', { name: 'Flag' }).click();
  await page.getByRole('option', { name: 'Flagged' }).click();
  await page.getByRole('button', { name: 'Flagged ✕' }).waitFor();
  await page.keyboard.press('Escape');
  await filter.waitFor({ state: 'detached' });
  await expect.poll(() => grid.getByText('Name a fruit.').count()).toBe(0);
  // Between two filters no row is there for a moment.
  await expect.poll(() => grid.getByText('How warm is it in Oslo?').count()).toBe(1);
});
