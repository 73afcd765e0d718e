/** The Library: keys, what is hidden before the verdict, and that nothing of the view is lost on the way back. */
import { describe, expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const openLibrary = async (rows = numberedRows(60)) => {
  const screen = await openScreen(rows, '#/library');
  const grid = screen.page.getByRole('grid', { name: 'Pairs' });
  await grid.getByText('How do I water plant 1?').first().waitFor();
  return { ...screen, grid, line: (position: number) => grid.getByRole('row').nth(position) };
};

describe('a blind project', () => {
  test('shows replies in an order of their own, and labels only once they are decided', async () => {
    const { page, grid, line } = await openLibrary(numberedRows(2));
    expect(await grid.getByRole('columnheader').allTextContents()).toEqual([
      'Prompt',
      'Reply A',
      'Reply B',
      'Source',
      'Verdict',
      'Code',
      'Margin',
      'By',
    ]);
    expect(await grid.getByText('as imported').count()).toBe(0);
    await grid.focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Pair 1' });
    await detail.getByText('Hidden until your verdict').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
    await page.keyboard.press('3');
    await page.getByRole('status').getByText('Saved').waitFor();
    await page.keyboard.press('Alt+1');
    await line(1).getByText('tie').waitFor();
    expect(await line(2).getByText('·').count()).toBeGreaterThan(0);
  });

  test('that stops to be blind shows what files say', async () => {
    const { page, facet, grid } = await openLibrary(numberedRows(2));
    await facet.services.project.updateSettings({ blind: false });
    await page.reload();
    await grid.getByText('as imported').first().waitFor();
    expect(await grid.getByRole('columnheader', { name: 'Chosen' }).count()).toBe(1);
    expect(await grid.getByRole('row').nth(1).getByText('Plant 1 wants a glass a week.').count()).toBe(1);
  });
});

test('filter, search, place and the open pair are there on return', async () => {
  const { page, grid } = await openLibrary(numberedRows(300));
  await page.keyboard.press('/');
  await page.keyboard.type('plant');
  await page.getByRole('button', { name: /^Unlabelled/ }).click();
  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Pair 300' }).waitFor();
  await page.keyboard.press('Alt+3');
  await page.getByRole('main', { name: 'Train' }).waitFor();
  await page.keyboard.press('Alt+1');
  await page.getByRole('complementary', { name: 'Pair 300' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Search prompts and replies' }).inputValue()).toBe('plant');
  expect(await page.getByRole('button', { name: /^Unlabelled/ }).getAttribute('aria-pressed')).toBe('true');
  expect(await grid.getByRole('row', { selected: true }).textContent()).toContain('plant 300?');
});

test('a pair stays open when its line is out of sight or out of the filter, there and back', async () => {
  const { page, grid } = await openLibrary(numberedRows(300));
  const detail = page.getByRole('complementary', { name: 'Pair 300' });
  const thereAndBack = async () => {
    await page.keyboard.press('Alt+3');
    await page.getByRole('main', { name: 'Train' }).waitFor();
    await page.keyboard.press('Alt+1');
    await detail.waitFor();
  };
  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await detail.waitFor();
  await grid.hover();
  await page.mouse.wheel(0, -20_000);
  await grid.getByText('How do I water plant 1?').waitFor();
  await thereAndBack();
  await page.keyboard.press('/');
  await page.keyboard.type('plant 12?');
  await grid.getByText('plant 300?').waitFor({ state: 'detached' });
  await thereAndBack();
});

test('labelling from a filtered Library stays in its filter, there and back', async () => {
  const { page, grid } = await openLibrary([
    ...numberedRows(4),
    ...numberedRows(3).map((row) => ({ ...row, prompt: `${row.prompt} A cactus.`, source: 'desert' })),
  ]);
  const search = page.getByRole('textbox', { name: 'Search prompts and replies' });
  await search.fill('cactus');
  await page.keyboard.press('Enter');
  await grid.getByText('plant 4?').waitFor({ state: 'detached' });
  await page.keyboard.press('a');
  const heading = page.getByRole('heading', { level: 1 });
  await heading.getByText('Pair 1 of 3').waitFor();
  await page.keyboard.press('1');
  await heading.getByText('Pair 2 of 3').waitFor();
  await page.keyboard.press('Alt+1');
  await grid.getByText('as in file').or(grid.getByText('against file')).waitFor();
  expect(await search.inputValue()).toBe('cactus');
  await page.keyboard.press('Alt+2');
  await heading.getByText('Pair 2 of 3').waitFor();
  for (const [key, next] of [
    ['2', 'Pair 3 of 3'],
    ['3', 'All labelled'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('heading', { name: next }).waitFor();
  }
  await page.getByRole('button', { name: 'Leave the filter' }).click();
  await heading.getByText('Pair 1 of 7').waitFor();
});
