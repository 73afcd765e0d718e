/** The Library's table: order, columns, many pairs at once and their undo, conditions, views, the record of a pair. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const rowsOf = (count: number) =>
  numberedRows(count).map((row, index) => ({
    ...row,
    source: index % 2 === 0 ? 'garden' : 'balcony',
    difficulty: index % 3,
    author: `Person ${index % 4}`,
  }));

const openLibrary = async (count = 60) => {
  const screen = await openScreen(rowsOf(count), '#/library');
  const { page } = screen;
  const grid = page.getByRole('grid', { name: 'Pairs' });
  await grid.getByText('How do I water plant 1?').first().waitFor();
  const first = () => grid.getByRole('row').nth(1);
  const bar = page.getByRole('toolbar', { name: 'Chosen pairs' });
  const firstShows = (text: string) => expect.poll(() => first().textContent()).toContain(text);
  return { ...screen, grid, bar, firstShows };
};

test('is ordered by a click on a column or from its head by keys, one way and the other, and as it came', async () => {
  const { page, grid, firstShows } = await openLibrary();
  const header = grid.getByRole('columnheader', { name: 'Source' });
  await header.getByRole('button').click();
  await firstShows('plant 2?');
  expect(await header.getAttribute('aria-sort')).toBe('ascending');
  await grid.focus();
  await page.keyboard.press('s');
  await page.keyboard.press('Enter');
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
  await firstShows('plant 1?');
  await page.keyboard.press('Enter');
  await expect.poll(() => header.getAttribute('aria-sort')).toBe('none');
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter', 'Enter']) await page.keyboard.press(key);
  await firstShows('plant 9?');
  // The screen's own keys go on from there.
  for (const [key, name] of [
    ['v', 'Views'],
    ['f', 'Filter'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('dialog', { name }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
});

const VARIED = [
  { prompt: 'How do I water plants today?', source: 'beta', aspect: 'tone' },
  {
    prompt: 'Warum ist der Himmel heute so blau und nicht grün?',
    source: 'alpha',
    aspect: 'facts',
    difficulty: 3,
  },
  { prompt: '我的时钟慢了三分钟，怎么校准？', source: 'gamma', aspect: 'style' },
].map((row, index) => ({ ...row, chosen: `Yes ${index}.`, rejected: `No ${index}.` }));

test('is ordered by every column that a blind project shows, up and down', async () => {
  const { page } = await openScreen(VARIED, '#/library');
  const grid = page.getByRole('grid', { name: 'Pairs' });
  await grid.getByText('Warum ist').waitFor();
  await page.keyboard.press('c');
  const columns = page.getByRole('dialog', { name: 'Columns' });
  for (const name of ['No.', 'Aspect', 'Prompt length', 'Language'])
    await columns.getByRole('checkbox', { name, exact: true }).check();
  await page.keyboard.press('Escape');
  await columns.waitFor({ state: 'detached' });
  // The rows that come first, the least value and the greatest.
  const ends: Readonly<Record<string, readonly [string, string]>> = {
    'No.': ['How do I', '我的时钟'],
    Prompt: ['How do I', '我的时钟'],
    Source: ['Warum ist', '我的时钟'],
    Aspect: ['Warum ist', 'How do I'],
    'Prompt length': ['我的时钟', 'Warum ist'],
    // Chinese, English, German.
    Language: ['我的时钟', 'Warum ist'],
  };
  for (const [name, [least, greatest]] of Object.entries(ends)) {
    const header = grid.getByRole('columnheader', { name, exact: true });
    for (let click = 0; click < 2; click += 1) {
      const before = await header.getAttribute('aria-sort');
      await header.getByRole('button').click();
      await expect.poll(() => header.getAttribute('aria-sort')).not.toBe(before);
      const first = (await header.getAttribute('aria-sort')) === 'ascending' ? least : greatest;
      await expect.poll(() => grid.getByRole('row').nth(1).textContent(), { message: name }).toContain(first);
    }
  }
});

test('pairs are chosen by Ctrl and Shift with the pointer', async () => {
  const { grid, bar } = await openLibrary();
  const row = (place: number) => grid.getByRole('row').nth(place);
  await row(2).click({ modifiers: ['Control'] });
  await row(4).click({ modifiers: ['Control'] });
  await bar.getByText('2 chosen').waitFor();
  await row(8).click({ modifiers: ['Shift'] });
  await bar.getByText('6 chosen').waitFor();
  await row(4).click({ modifiers: ['Control'] });
  await bar.getByText('5 chosen').waitFor();
});

test('the button that adds a condition is whole beside its fields, wide and narrow', async () => {
  const { page } = await openLibrary();
  for (const size of [
    { width: 1440, height: 900 },
    { width: 900, height: 700 },
  ]) {
    await page.setViewportSize(size);
    await page.keyboard.press('f');
    const filter = page.getByRole('dialog', { name: 'Filter' });
    const panel = await filter.boundingBox();
    for (const button of await filter.getByRole('button', { name: 'Add', exact: true }).all()) {
      const { isCut, right } = await button.evaluate((element) => {
        const label = element.querySelector('.mantine-Button-label') ?? element;
        return { isCut: label.scrollWidth > label.clientWidth, right: element.getBoundingClientRect().right };
      });
      expect(isCut).toBe(false);
      expect(right).toBeLessThan((panel?.x ?? 0) + (panel?.width ?? 0));
    }
    await page.keyboard.press('Escape');
    await filter.waitFor({ state: 'detached' });
  }
});

test('shows the columns that are chosen, a field of the rows too, and keeps them', async () => {
  const { page, grid } = await openLibrary();
  await page.keyboard.press('c');
  const columns = page.getByRole('dialog', { name: 'Columns' });
  await columns.getByRole('checkbox', { name: 'Reply B' }).uncheck();
  await columns.getByRole('checkbox', { name: 'difficulty' }).check();
  await page.keyboard.press('Escape');
  await grid.getByRole('columnheader', { name: 'difficulty' }).waitFor();
  expect(await grid.getByRole('columnheader', { name: 'Reply B' }).count()).toBe(0);
  await page.reload();
  await grid.getByRole('columnheader', { name: 'difficulty' }).waitFor();
});

test('pairs are chosen by Space, Shift and Ctrl+A, changed at once, and brought back', async () => {
  const { page, grid, bar, firstShows } = await openLibrary();
  await grid.focus();
  await page.keyboard.press('Space');
  await bar.getByText('1 chosen').waitFor();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowDown');
  await bar.getByText('4 chosen').waitFor();
  await page.keyboard.press('x');
  await bar.getByText('4 pairs excluded').waitFor();
  await firstShows('plant 5?');
  await page.getByRole('button', { name: 'All 56' }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.getByRole('heading', { name: 'Pair 1 of 56' }).waitFor();
  await page.getByRole('main').getByText('How do I water plant 5?').waitFor();
  await page.keyboard.press('Alt+1');
  await grid.waitFor();
  await page.keyboard.press('z');
  await bar.getByText('Taken back: 4 pairs excluded').waitFor();
  await firstShows('plant 1?');
  await grid.focus();
  await page.keyboard.press('Control+a');
  await bar.getByText('60 chosen').waitFor();
  await grid.getByRole('row').nth(2).locator('[data-tick]').click();
  await bar.getByText('59 chosen').waitFor();
  await page.keyboard.press('Delete');
  await bar.getByText('59 pairs deleted').waitFor();
  await page.getByRole('button', { name: 'All 1', exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'All 60' }).waitFor();
});

test('a stretch reaches from a clicked row to one that is far away', async () => {
  const { page, grid, bar } = await openLibrary(300);
  await grid.getByText('plant 3?').first().click();
  await grid.focus();
  await page.keyboard.press('Shift+End');
  await bar.getByText('298 chosen').waitFor();
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
});

test('tags are put on, filtered by and kept in a view', async () => {
  const { page, grid, bar, firstShows } = await openLibrary();
  await grid.getByText('plant 7?').first().click();
  await page.keyboard.press('g');
  const tag = page.getByRole('dialog', { name: 'Tag the chosen pairs' }).getByRole('combobox');
  await tag.fill('look again');
  await tag.press('Enter');
  await bar.getByText('1 pair tagged “look again”').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  const filter = page.getByRole('dialog', { name: 'Filter' });
  await filter.getByRole('combobox', { name: 'Tags' }).click();
  await page.getByRole('option', { name: 'look again' }).click();
  await page.getByRole('button', { name: 'Tag “look again” ✕' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await filter.waitFor({ state: 'detached' });
  await firstShows('plant 7?');
  await page.keyboard.press('v');
  const views = page.getByRole('dialog', { name: 'Views' });
  const name = views.getByRole('textbox', { name: 'Name of this view' });
  await name.fill('Second look');
  await name.press('Enter');
  await views.getByRole('button', { name: 'Second look', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await views.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Tag “look again” ✕' }).click();
  await firstShows('plant 1?');
  await page.keyboard.press('v');
  await views.getByRole('button', { name: 'Second look', exact: true }).click();
  await firstShows('plant 7?');
});

test('a pair shows where it comes from and every label, hidden ones once it is decided', async () => {
  const { page, grid } = await openLibrary(3);
  await grid.getByText('plant 2?').first().click();
  const labels = page.getByRole('region', { name: 'Labels' });
  await labels.getByText('What others say is shown once you have decided.').waitFor();
  const row = page.getByRole('region', { name: 'Row' });
  await row.getByText('plants.jsonl, row 2').waitFor();
  expect(await row.getByText('Person 1').count()).toBe(0);
  await page.keyboard.press('a');
  await page.getByRole('main', { name: 'Annotate' }).getByText('plant 2?').waitFor();
  await page.keyboard.press('3');
  await page.getByRole('status').getByText('Saved').waitFor();
  await page.keyboard.press('Alt+1');
  await row.getByText('Person 1').waitFor();
  await labels.getByText('tie').waitFor();
  await labels.getByText('the file').waitFor();
});
