/** The whole loop through the screens, by the names that a screen reader hears; the same in window and browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const importedPairs = 12;

/** Twelve readable pairs and one row that is not, so that the list of problems shows too. */
export async function writePairFile(folder: string): Promise<string> {
  const rows = Array.from({ length: importedPairs }, (_, index) => ({
    prompt: `How do I water plant number ${index + 1}?`,
    chosen: `Plant ${index + 1} wants a glass of water a week.`,
    rejected: `Just pour something on plant ${index + 1}.`,
  }));
  const file = join(folder, 'plants.jsonl');
  await writeFile(file, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"prompt": "no replies"}\n`);
  return file;
}

export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Open the sample/ }).click();
  await sayName(page, 'Ada');
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
}

/** Asked once in a project, by a page that does not remember it. */
export async function sayName(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Your name' }).fill(name);
  await page.keyboard.press('Enter');
}

/** Opens the import dialog, hands the file over by `choose`, and imports it; returns what the screen says. */
export async function importFile(page: Page, choose: () => Promise<void>): Promise<string> {
  await page.keyboard.press('Alt+1');
  await page.getByRole('button', { name: /^Import/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Import pairs' });
  await dialog.waitFor();
  await choose();
  await dialog.getByRole('button', { name: `Import ${importedPairs} pairs` }).click();
  const status = dialog.getByRole('status');
  await status.getByText('imported').waitFor();
  const text = (await dialog.textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Annotate' }).click();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  return text;
}

const sessionCount = (page: Page, count: number) => page.getByText(`${count} in this session`);

/** One verdict a key, each counted and on disk before the next. */
export async function labelByKeys(page: Page, keys: readonly string[]): Promise<void> {
  for (const [index, key] of keys.entries()) {
    await page.keyboard.press(key);
    await sessionCount(page, index + 1).waitFor();
    await page.getByRole('status').getByText('Saved').waitFor();
  }
}

export async function undoOne(page: Page, countBefore: number): Promise<void> {
  await page.keyboard.press('z');
  await sessionCount(page, countBefore - 1).waitFor();
}

/** Leaves only sources whose names begin so, of those that the form offers. */
async function chooseSources(form: Locator, names: readonly string[]): Promise<void> {
  for (const box of await form.getByRole('group', { name: 'Sources' }).getByRole('checkbox').all()) {
    const label = await box.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
    if (!names.some((name) => label.startsWith(name))) await box.uncheck();
  }
}

/** Starts a run with the quick preset on the first model; on the pairs of these sources alone, where some are given. */
export async function startRun(page: Page, steps: number, sources: readonly string[] = []): Promise<void> {
  await page.keyboard.press('Alt+3');
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByText('Quick look', { exact: true }).click();
  if (sources.length > 0) await chooseSources(form, sources);
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill(String(steps));
  await form.getByRole('button', { name: 'Start', exact: true }).click();
  await form.waitFor({ state: 'hidden' });
}

export async function finishRun(page: Page): Promise<void> {
  await page.getByText('Finished', { exact: true }).first().waitFor({ timeout: 480_000 });
}

/** Pauses the run at work and lets it go on. */
export async function pauseAndResume(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByText('Paused', { exact: true }).first().waitFor({ timeout: 300_000 });
  await page.getByRole('button', { name: /^Resume/ }).click();
  await page.getByText('Paused', { exact: true }).first().waitFor({ state: 'detached' });
}

/** Asks in the Playground for two replies of each policy, and waits until two that differ are there. */
export async function drawReplies(page: Page, prompt: string, temperature = 1.4): Promise<void> {
  await page.keyboard.press('Alt+5');
  await page.getByRole('textbox', { name: 'Temperature' }).fill(String(temperature));
  await page.getByRole('textbox', { name: 'Replies' }).fill('2');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(prompt);
  await page.keyboard.press('Enter');
  const lanes = page.getByRole('status').filter({ hasText: /tok\/s/ });
  await lanes.nth(1).waitFor({ timeout: 300_000 });
}

/** Keeps two replies and opens the pair on the annotation desk; returns the prompt shown there. */
export async function keepAndLabel(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('k');
  await page.getByRole('link', { name: 'Label it' }).click();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.getByText('Playground', { exact: true }).last().waitFor();
  return (await page.getByRole('region', { name: 'Prompt' }).textContent()) ?? '';
}

/** Opens the run's codes; returns the heat map's own description. */
export async function openCodes(page: Page): Promise<string> {
  // It is there once the run has ended, causes and codes included.
  await page.getByRole('button', { name: 'Look at its codes' }).click({ timeout: 300_000 });
  const map = page.getByRole('slider', { name: /^Weights of \d+ codes over \d+ prompts$/ });
  await map.waitFor();
  return (await map.getAttribute('aria-label')) ?? '';
}

/** Types a prompt; returns what is said of its codes. */
export async function tryPrompt(page: Page, text: string): Promise<string> {
  const part = page.getByRole('region', { name: 'Try a prompt' });
  await part.getByRole('textbox', { name: 'Try a prompt' }).fill(text);
  await page.keyboard.press('Control+Enter');
  const said = part.getByText(/^p\(z\|x\) by /);
  await said.waitFor({ timeout: 300_000 });
  return (await said.textContent()) ?? '';
}

/** Different colours in the heat map's picture: a blank canvas has one. */
export function heatMapColours(page: Page): Promise<number> {
  return page.getByRole('slider', { name: /^Weights of/ }).evaluate((frame) => {
    const colours = new Set<number>();
    for (const canvas of frame.querySelectorAll('canvas')) {
      const context = canvas.getContext('2d');
      if (!context || canvas.width === 0) continue;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      for (const pixel of new Uint32Array(data.buffer)) colours.add(pixel);
    }
    return colours.size;
  });
}

/** Types into the command palette and runs what is called so there. */
export async function runCommand(page: Page, typed: string, found = typed): Promise<void> {
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await page.keyboard.press('Control+k');
  await palette.getByRole('textbox').fill(typed);
  await palette.getByText(found, { exact: true }).click();
  await palette.waitFor({ state: 'detached' });
}
