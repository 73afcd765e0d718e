/** Runs, codes and replies looked into through the screens, as those did who found the faults that these walks show mended. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { facetOver, importAll } from '#main/testFacet.ts';

const LONGEST_MS = 480_000;
const OF_EACH = 32;

/** A project of two sources of short pairs, in which a run takes seconds; its path. */
export async function twoSources(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'two.facet');
  const file = join(folder, 'two.jsonl');
  // The same two replies, preferred the other way round by source: one taste can't serve both.
  const [brief, kind] = ['A glass a week.', 'Of course, with pleasure, my friend.'];
  const rows = Array.from({ length: OF_EACH }, (_, index) => [
    { prompt: `How do I water plant ${index}?`, chosen: brief, rejected: kind, source: 'Plants' },
    { prompt: `Will it rain on day ${index}?`, chosen: kind, rejected: brief, source: 'Weather' },
  ]).flat();
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const facet = facetOver(folder);
  try {
    await facet.services.project.create({ path, name: 'Two' });
    await importAll(facet, file);
  } finally {
    await facet.dispose();
  }
  return path;
}

/** Step of the checkpoint whose codes are shown, once its figures are there. */
export async function shownCodes(page: Page): Promise<{ readonly step: number }> {
  const checkpoint = page.getByRole('combobox', { name: 'Checkpoint', exact: true });
  await page.getByText(/^\d+ of \d+ in use$/).waitFor({ timeout: LONGEST_MS });
  const label = await checkpoint.evaluate(
    (select) => (select as HTMLSelectElement).selectedOptions[0]?.textContent ?? '',
  );
  return { step: Number(/step ([\d,]+)/.exec(label)?.[1]?.replace(',', '')) };
}

/** Pauses the run at work once it has taken a step, and waits until its codes can be looked at. */
export async function pauseEarly(page: Page): Promise<void> {
  await page
    .getByText(/^step [1-9]\d* of /)
    .first()
    .waitFor({ timeout: LONGEST_MS });
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByText('Paused', { exact: true }).first().waitFor({ timeout: LONGEST_MS });
}

export async function lookAtCodes(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look at its codes' }).click({ timeout: LONGEST_MS });
}

export async function resume(page: Page): Promise<void> {
  await page.keyboard.press('Alt+3');
  await page.getByRole('button', { name: /^Resume/ }).click();
}

/** Opens the form of a run like the one shown, with another seed, and starts it. */
export async function likeItWithSeed(page: Page, seed: number): Promise<void> {
  await page.getByRole('button', { name: 'New run like it' }).click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByRole('button', { name: /Advanced settings/ }).click();
  await form.getByRole('textbox', { name: 'Seed', exact: true }).fill(String(seed));
  await form.getByRole('button', { name: 'Start', exact: true }).click();
  await form.waitFor({ state: 'hidden' });
}

/** Draws a box around the upper left quarter of the map; returns the corners within the frame, in the order of the picture's axes. */
export async function boxOnMap(
  page: Page,
): Promise<{ readonly frame: { width: number; height: number }; readonly box: readonly number[] }> {
  const picture = page.getByRole('application', { name: /laid out by PCA/ });
  await picture.locator('canvas[data-drawn]').waitFor({ timeout: LONGEST_MS });
  await page.getByText('Box', { exact: true }).click();
  const at = await picture.boundingBox();
  if (at === null) throw new Error('the map is not on screen');
  const frame = { width: at.width, height: at.height };
  const box = [2, 2, Math.round(at.width / 2), at.height - 2] as const;
  await page.mouse.move(at.x + box[0], at.y + box[1]);
  await page.mouse.down();
  await page.mouse.move(at.x + box[2], at.y + box[3], { steps: 6 });
  await page.mouse.up();
  return { frame, box };
}

/** Reads a step of the loss by keys, and its pairs; returns how many the dialog has. */
export async function pairsOfStep(page: Page): Promise<number> {
  const plot = page.getByRole('slider', { name: /^Loss by step/ });
  await plot.focus();
  await expect.poll(() => plot.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /^Pairs of step/ });
  const said = dialog.getByText(/^\d+ pairs?; margins under/);
  await said.waitFor();
  const pairs = Number.parseInt((await said.textContent()) ?? '', 10);
  expect(await dialog.getByRole('row').count()).toBe(pairs + 1);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  return pairs;
}
