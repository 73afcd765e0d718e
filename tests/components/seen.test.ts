/** What each person has seen: counted among the people, listed in the Library, by pointer and by keyboard. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { labelAs } from '#main/testLabeller.ts';
import { violations } from '../helpers/accessibility.ts';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

async function pictures(page: Page, name: string): Promise<void> {
  const shot = (look: string) =>
    page.screenshot({ path: join(rootDir, 'test-results', `${name}-${look}.png`) });
  await shot('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 900, height: 700 });
  await shot('narrow');
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('the count of a person leads to their pairs, and of those to what they said nothing of', async () => {
  const { page, facet } = await openScreen(numberedRows(12), '#/annotate');
  await facet.services.project.updateSettings({ blind: false });
  const bo = await labelAs(facet, 'Bo');
  await bo.queue();
  await bo.decide({ pairId: 1, verdict: 'a' });
  await bo.decide({ pairId: 2, verdict: 'skip' });
  await page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  const row = page.getByRole('list', { name: 'People' }).getByRole('listitem', { name: 'Bo' });
  const count = row.getByRole('button', { name: /^7 seen by Bo, nothing said of 5/ });
  await count.waitFor();
  await count.scrollIntoViewIfNeeded();
  expect(await violations(page)).toEqual([]);
  await pictures(page, 'seen-people');
  await count.focus();
  await page.keyboard.press('Enter');

  const pairs = page.getByRole('grid', { name: 'Pairs' });
  await page.getByRole('button', { name: 'Seen by Bo ✕' }).waitFor();
  await pairs.getByText('plant 7?').waitFor();
  expect(await pairs.locator('tr[data-position]').count()).toBe(7);
  await pairs.focus();
  await page.keyboard.press('f');
  const unsaid = page.getByRole('checkbox', { name: 'and nothing said of it' });
  await unsaid.check();
  await pictures(page, 'seen-filter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Seen by Bo, nothing said ✕' }).waitFor();
  await expect.poll(() => pairs.locator('tr[data-position]').count()).toBe(5);
  await page.getByRole('button', { name: 'Seen by Bo, nothing said ✕' }).click();
  await expect.poll(() => pairs.locator('tr[data-position]').count()).toBe(12);
});
