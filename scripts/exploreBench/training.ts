/** What the explorer costs a run that trains beside it, and what the run costs whoever types a prompt. */
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { median } from '../../src/core/statistics.ts';
import * as walk from '../../tests/helpers/walk.ts';
import { TRAINED_SOURCE } from './project.ts';

const TURNS = 4;
const TURN_MS = 12_000;
const PROMPTS = 5;
/** More than a bench lasts. */
const ENDLESS_STEPS = 1_000_000;

const stepOf = (path: string, runId: number): number => {
  const database = new Sqlite(path, { readonly: true });
  try {
    return database.prepare<[number], number>('SELECT step FROM runs WHERE id = ?').pluck().get(runId) ?? 0;
  } finally {
    database.close();
  }
};

/** Steps a second while `work` goes on. */
async function pace(path: string, runId: number, work: () => Promise<void>): Promise<number> {
  const [from, began] = [stepOf(path, runId), performance.now()];
  await work();
  return (1000 * (stepOf(path, runId) - from)) / (performance.now() - began);
}

/** Somebody who looks about: other lines, another code. */
async function explore(page: Page): Promise<void> {
  const until = performance.now() + TURN_MS;
  await page.keyboard.press('Alt+4');
  const heat = page.getByRole('slider', { name: /^Weights of/ });
  await heat.waitFor({ timeout: 120_000 });
  for (let turn = 0; performance.now() < until; turn += 1) {
    await heat.focus();
    await page.keyboard.press(turn % 12 < 6 ? '+' : '-');
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(700);
  }
}

/** A share: 0.05 are five steps of a hundred fewer with the explorer open, by turns with a page at rest. */
export async function trainingSlowdown(page: Page, path: string): Promise<number> {
  await walk.startRun(page, ENDLESS_STEPS, [TRAINED_SOURCE]);
  const runId = 2;
  while (stepOf(path, runId) < 20) await page.waitForTimeout(500);
  const closed: number[] = [];
  const open: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.keyboard.press('Alt+6');
    closed.push(await pace(path, runId, () => page.waitForTimeout(TURN_MS)));
    open.push(await pace(path, runId, () => explore(page)));
  }
  return Number((1 - median(open) / median(closed)).toFixed(3));
}

/** The longest of some waits for p(z|x) of a typed prompt while a run trains; in the sample, by an earlier run of its own. */
export async function typedPromptDuringRunMs(page: Page, steps: number): Promise<number> {
  await walk.openSample(page);
  await walk.startRun(page, steps);
  await walk.finishRun(page);
  await walk.openCodes(page);
  const url = new URL(page.url()).hash;
  await walk.startRun(page, ENDLESS_STEPS);
  await page.getByText(/^step [2-9]\d* of/).waitFor({ timeout: 300_000 });
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, url);
  const part = page.getByRole('region', { name: 'Try a prompt' });
  let longest = 0;
  for (let asked = 0; asked < PROMPTS; asked += 1) {
    await part.getByRole('textbox', { name: 'Try a prompt' }).fill(`Where is parcel number ${asked}?`);
    const began = performance.now();
    await page.keyboard.press('Control+Enter');
    await part.getByText(/^p\(z\|x\) by /).waitFor({ timeout: 300_000 });
    longest = Math.max(longest, performance.now() - began);
  }
  return Math.round(longest);
}
