/** Every screen and the dialogs of each day, light and dark, by axe-core: names, roles, contrast, order. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { violations } from '../helpers/accessibility.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();
/** Each look takes axe-core a second or more. */
const TIMEOUT_MS = 400_000;

/** In the dark only what colours decide is another. */
async function sound(page: Page, where: string): Promise<void> {
  expect.soft(await violations(page), where).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  expect.soft(await violations(page, ['color-contrast']), `${where}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

test(
  'labelling, the table of pairs and their dialogs',
  async () => {
    const { page } = await openScreen(numberedRows(12), '#/annotate');
    await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
    await sound(page, 'Annotate');
    await page.keyboard.press('1');
    await page.getByText('1 in this session').waitFor();
    await sound(page, 'Annotate, after a verdict');
    await page.keyboard.press('Control+k');
    await page
      .getByPlaceholder(/command/i)
      .last()
      .waitFor();
    await sound(page, 'Command palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await sound(page, 'Keys');
    await page.keyboard.press('Escape');
    await go(page, '#/library');
    const table = page.getByRole('grid', { name: 'Pairs' });
    await table.getByRole('row').nth(1).waitFor();
    await sound(page, 'Library');
    await table.getByRole('row').nth(1).click();
    await sound(page, 'Library, a pair open');
    for (const view of ['Statistics', 'Agreement', 'Audit', 'Duplicates']) {
      const link = page.getByRole('navigation', { name: 'Views of the Library' }).getByText(view);
      if ((await link.count()) === 0) continue;
      await link.click();
      await sound(page, view);
    }
    await go(page, '#/library');
    await page.getByRole('button', { name: /^Import/ }).click();
    await page.getByRole('dialog', { name: 'Import pairs' }).waitFor();
    await sound(page, 'Import');
    await page.keyboard.press('Escape');
  },
  TIMEOUT_MS,
);

test(
  'training, codes, playground and settings',
  async () => {
    const { page, facet, folder } = await openScreen(numberedRows(12), '#/train');
    await sound(page, 'Train, no run');
    await go(page, '#/train?new=form');
    await page.getByRole('form', { name: 'New run' }).waitFor();
    await sound(page, 'New run');
    const { models, runs } = facet.services;
    mkdirSync(join(folder, 'tiny'));
    writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
    const { id } = await runs.start({
      name: 'First',
      modelId: (await models.add(join(folder, 'tiny'))).id,
      config: { ...DEFAULT_RUN, steps: 3 },
      selection: { labels: 'imported', sourceIds: null },
    });
    await runs.wait(id);
    await go(page, `#/train?run=${id}`);
    await page.reload();
    await page.getByText('Finished', { exact: true }).first().waitFor();
    await sound(page, 'Train, a run');
    await go(page, `#/codes?run=${id}`);
    await page.getByText('2 of 3 in use', { exact: true }).waitFor();
    await sound(page, 'Codes');
    await go(page, `#/codes?run=${id}&code=0`);
    await sound(page, 'A code');
    await go(page, '#/playground');
    await page.getByRole('main', { name: /play/i }).waitFor();
    await sound(page, 'Playground');
    await go(page, '#/settings');
    await page.getByRole('main', { name: /settings/i }).waitFor();
    await sound(page, 'Settings');
  },
  TIMEOUT_MS,
);
