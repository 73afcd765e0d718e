/** Export from the Library: the dialog by keys, what a page is handed, and what a wrong figure says. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { rootDir } from '../helpers/facetWindow.ts';
import { keepDownloads } from '../helpers/keepDownloads.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });

test('what the Library shows leaves in the chosen shape, split by prompt, with its card', async () => {
  const { page } = await openScreen(numberedRows(40), '#/library');
  const downloads = await keepDownloads(page);
  const grid = page.getByRole('grid', { name: 'Pairs' });
  await page.getByRole('textbox', { name: 'Search prompts and replies' }).fill('plant 1');
  await grid.getByText('plant 40?').waitFor({ state: 'detached' });
  await grid.focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Export pairs and labels' });
  await dialog.getByRole('radio', { name: 'What the Library shows: 13' }).check();
  await dialog.getByRole('radio', { name: /^OpenAI/ }).check();
  await dialog.getByRole('textbox', { name: 'Prompts for a test file, %' }).fill('30');
  await dialog.getByRole('textbox', { name: 'Seed of the split' }).fill('3');
  await picture(page, 'export-form');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'export-form-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog.getByRole('status').getByText('13 rows in 2 files').waitFor();
  await picture(page, 'export-done');
  for (const name of ['Test-openai.train.jsonl', 'Test-openai.test.jsonl', 'Test-openai.card.md'])
    await dialog.getByRole('button', { name: `Download ${name}` }).click();
  await expect.poll(async () => Object.keys(await downloads())).toHaveLength(3);
  const files = await downloads();
  const rows = ['train', 'test'].map((side) =>
    (files[`Test-openai.${side}.jsonl`] ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: { messages: { content: string }[] } }),
  );
  expect(rows.flat()).toHaveLength(13);
  for (const { input } of rows.flat()) expect(input.messages[0]?.content).toMatch(/plant \d?1/);
  expect(files['Test-openai.card.md']).toContain('Split by prompt: 0.3');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('a wrong figure is said at its field, and nothing is written', async () => {
  const { page } = await openScreen(numberedRows(3), '#/library');
  await page.getByRole('button', { name: /^Export/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Export pairs and labels' });
  await dialog.getByRole('textbox', { name: 'Prompts for a test file, %' }).fill('100');
  await dialog.getByText('From 0 to below 100').waitFor();
  expect(await dialog.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true);
  await dialog.getByRole('combobox', { name: 'Where several people labelled' }).selectOption('adjudicated');
  await dialog.getByRole('combobox', { name: 'Who decides' }).waitFor();
  await page.setViewportSize({ width: 520, height: 800 }).catch(() => undefined);
  await picture(page, 'export-form-narrow');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
