/** Runs, codes and replies looked into through the screens, as those did who found the faults that these walks show mended. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { facetOver, importAll } from '#main/testFacet.ts';
import { type DrivenWindow, rootDir } from './facetWindow.ts';

const LONGEST_MS = 480_000;
const OF_EACH = 32;

/** Whoever is written to decides which of the same two replies is better: no single taste can serve both. */
const READERS = [
  { source: 'Customers', says: 'I am replying to a customer.', courteous: true },
  { source: 'Friends', says: 'I am texting my best friend.', courteous: false },
];

const firstSentence = (text: string): string => `${text.split('. ')[0]}.`;

/** A project of two sources that prefer opposite tones, two codes of which a run finds in seconds; its path. */
export async function twoSources(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'two.facet');
  const file = join(folder, 'two.jsonl');
  const sample = await readFile(join(rootDir, 'resources', 'sample', 'sample.jsonl'), 'utf8');
  const courteous = sample
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { prompt: string; chosen: string; rejected: string; aspect: string })
    .filter(({ aspect }) => aspect === 'polite over plain')
    .slice(0, 2 * OF_EACH);
  const rows = courteous.map((pair, index) => {
    const reader = READERS[index % 2] as (typeof READERS)[number];
    const [polite, plain] = [firstSentence(pair.chosen), firstSentence(pair.rejected)];
    return {
      prompt: `${reader.says} ${pair.prompt}`,
      ...(reader.courteous ? { chosen: polite, rejected: plain } : { chosen: plain, rejected: polite }),
      source: reader.source,
    };
  });
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

/** Step of the checkpoint whose codes are shown, and the figures beside it: what they cause and the share of each. */
export async function shownCodes(page: Page): Promise<{ readonly step: number; readonly figures: string }> {
  const checkpoint = page.getByRole('combobox', { name: 'Checkpoint', exact: true });
  await page.getByText(/^\d+ of \d+ in use$/).waitFor({ timeout: LONGEST_MS });
  const label = await checkpoint.evaluate(
    (select) => (select as HTMLSelectElement).selectedOptions[0]?.textContent ?? '',
  );
  const gains = page.getByText(/ over (z off|one vector|the best code)$/);
  const shares = page.getByRole('region', { name: 'Use of the codes' }).getByText(/^[\d.]+ %$/);
  return {
    step: Number(/step ([\d,]+)/.exec(label)?.[1]?.replace(',', '')),
    figures: [...(await gains.allInnerTexts()), ...(await shares.allInnerTexts())].join(' · '),
  };
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

/** Sweeps the weight of a code in the Playground, keeps two of its replies as a pair and labels it there; returns its id and the card of the reply called better. */
export async function steerToLabel(page: Page, prompt: string): Promise<{ pairId: number; better: string }> {
  await page.keyboard.press('Alt+5');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(prompt);
  await page.keyboard.press('Enter');
  // Codes can be swept once the prior has read the prompt, and the lanes' keys are heard outside of the message.
  const sweep = page.getByRole('button', { name: 'Sweep codes' });
  await expect.poll(() => sweep.isEnabled(), { timeout: LONGEST_MS }).toBe(true);
  await page.getByRole('button', { name: 'Send' }).waitFor({ timeout: LONGEST_MS });
  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('Shift+W');
  const keep = page.getByRole('button', { name: 'Keep as pair' });
  const lanes = page.getByRole('region', { name: /^Code \d+ at \d\.\d\d/ });
  await lanes.last().waitFor({ timeout: LONGEST_MS });
  expect(await lanes.count()).toBe(5);
  await lanes
    .last()
    .getByText(/tok\/s/)
    .waitFor({ timeout: LONGEST_MS });
  await expect.poll(() => keep.isEnabled()).toBe(true);
  const card = page
    .getByRole('article')
    .filter({ has: page.getByRole('button', { name: 'B of the pair', exact: true }) });
  const better = (await card.textContent()) ?? '';
  await page.keyboard.press('k');
  await page.getByText(/^Kept as pair \d+ of the source Playground, unlabelled\.$/).waitFor();
  await page.getByRole('button', { name: 'B is better' }).click();
  const said = page.getByText(/^Pair \d+\. Labelled: B is better\.$/);
  await said.waitFor();
  return { pairId: Number.parseInt((await said.textContent())?.slice('Pair '.length) ?? '', 10), better };
}

/** Kills the processes that compute; returns how many there were. */
export async function killCompute({ app }: DrivenWindow): Promise<number> {
  const pids = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name, serviceName }) => [name, serviceName].includes('Facet compute'))
      .map(({ pid }) => pid),
  );
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}
