/** Gold pairs, from the Library to the notice after a verdict and the shares in the settings. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import { labelAs } from '#main/testLabeller.ts';
import { launchBrowser, rootDir, temporaryFolder } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { sayName } from '../helpers/walk.ts';

closeBrowserAfterAll();

const LOOKS = [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280],
  ['narrow', 'light', 560],
] as const;

async function pictures(page: Page, name: string): Promise<void> {
  mkdirSync(join(rootDir, 'test-results'), { recursive: true });
  for (const [look, colorScheme, width] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: join(rootDir, 'test-results', `gold-${name}-${look}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function openPage(url: string, name: string): Promise<Page> {
  const folder = await temporaryFolder();
  const { app, page } = await launchBrowser(url, folder.path);
  onTestFinished(async () => {
    await app.close();
    await folder.remove();
  });
  page.setDefaultTimeout(15_000);
  await page.getByRole('banner').waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
  await sayName(page, name);
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  return page;
}

test('pairs made gold in the Library are told to another person, and counted in the settings', async () => {
  const { page, facet, url } = await openScreen(numberedRows(4), '#/library');
  const ada = await labelAs(facet, 'Ada');
  for (const pairId of [1, 2])
    await ada.decide({
      pairId,
      verdict: 'tie',
      attributes: { ...NO_ATTRIBUTES, rationale: `Neither says when to water plant ${pairId}.` },
    });

  const grid = page.getByRole('grid', { name: 'Pairs' });
  await grid.getByText('How do I water plant 1?').waitFor();
  await grid.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  const gold = page.getByRole('button', { name: 'Gold', exact: true });
  await gold.waitFor();
  await pictures(page, 'button');
  await gold.click();
  const dialog = page.getByRole('dialog', { name: 'Gold pairs' });
  const answerer = dialog.getByRole('combobox', { name: 'The answer is the verdict of' });
  await expect.poll(() => answerer.inputValue()).toBe(String(ada.annotatorId));
  await dialog.getByText('Told after: to learn').click();
  await pictures(page, 'dialog');
  await dialog.getByRole('button', { name: 'Make them gold' }).click();
  await page.getByText('2 gold pairs made.').waitFor();
  expect(facet.services.gold.state()).toMatchObject({ hidden: 0, shown: 2 });

  const bob = await openPage(url, 'Bob');
  const notice = bob.getByRole('alert').filter({ hasText: 'known answer' });
  for (const _ of [1, 2, 3, 4]) {
    const prompt =
      (await bob
        .getByText(/^How do I water plant \d\?$/)
        .first()
        .textContent()) ?? '';
    const plant = Number(/\d/.exec(prompt)?.[0]);
    await bob.keyboard.press(plant === 1 ? '3' : plant === 2 ? 'b' : 's');
    await bob.getByText(prompt, { exact: true }).first().waitFor({ state: 'hidden' });
    await bob.getByRole('status').getByText('Saved').first().waitFor();
    if (plant > 2) continue;
    await notice.getByText(plant === 1 ? 'As the known answer' : 'Not the known answer').waitFor();
    await notice.getByText(`Both are equally good. Neither says when to water plant ${plant}.`).waitFor();
    await pictures(bob, plant === 1 ? 'right' : 'wrong');
  }

  await page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  const section = page.getByRole('group', { name: 'Gold pairs' });
  const row = section.getByRole('row', { name: /^Bob/ });
  await row.waitFor();
  expect(await row.getByRole('cell').allTextContents()).toEqual(['–', '1 of 2: 50 % (9 % to 91 %)']);
  await section.scrollIntoViewIfNeeded();
  await section.getByRole('button', { name: 'No gold pairs any more' }).scrollIntoViewIfNeeded();
  await pictures(page, 'people');

  // The switch shows what is stored: it turns once main has answered.
  const counts = section.getByRole('switch', { name: /^Verdicts on gold pairs count/ });
  await counts.click();
  await expect.poll(() => counts.isChecked()).toBe(false);
  await expect.poll(() => facet.services.project.current()?.settings.gold.counts).toBe(false);
}, 120_000);
