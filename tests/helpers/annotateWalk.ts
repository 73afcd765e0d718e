/** What people do on the desk, by the names that a screen reader hears; the same in window and browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { NO_ATTRIBUTES, PLAIN_RULES } from '#core/verdictAttributes.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';
import { numberedRows } from './screenTest.ts';
import * as walk from './walk.ts';

const PAIRS = 4;
/** From the best to the worst. */
export const REPLIES = ['When its soil is dry.', 'Every other Sunday.', 'Never.'];
const GOOD = 'wants a glass';
/** Part of every reply that somebody writes. */
export const WRITTEN = 'A glass on Sundays.';
/** What is told of the first pair, whose answer is known. */
const TOLD = 'A glass is an amount.';
export const PATIENTLY = { timeout: 20_000 };

/**
 * Four pairs and three replies to rank, each for two people; the first pair is gold, answered by Olga and told. A verdict
 * has four strengths, an aspect, a confidence and a reason.
 */
export async function plantProject(folder: string, project: string): Promise<void> {
  const facet = facetOver(folder);
  const { services } = facet;
  try {
    await services.project.create({ path: project, name: 'Plants' });
    const files = {
      plants: numberedRows(PAIRS),
      several: [{ prompt: 'When to water a fern?', responses: REPLIES }],
    };
    for (const [name, rows] of Object.entries(files)) {
      const file = join(folder, `${name}.jsonl`);
      await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await importAll(facet, file);
    }
    const olga = await labelAs(facet, 'Olga');
    const { left, right } = await services.library.pair(1, olga.who);
    const good = left.text.includes(GOOD) ? left.key : right.key;
    const attributes = { ...NO_ATTRIBUTES, rationale: TOLD };
    await olga.decide({ pairId: 1, verdict: good, attributes });
    await services.gold.mark(olga.who, {
      selection: { ids: [1] },
      annotatorId: olga.annotatorId,
      shown: true,
    });
    const aspects = [{ name: 'Helpful', description: '', required: false }];
    const verdict = {
      ...PLAIN_RULES,
      strength: 'four',
      aspects,
      confidence: 'optional',
      rationale: 'optional',
    } as const;
    await services.project.updateSettings({ verdict, overlap: { labels: 2, share: 1 } });
  } finally {
    await facet.dispose();
  }
}

/** What the project's file holds. */
export function rowsIn<T>(project: string, sql: string): T[] {
  const database = new Sqlite(project, { readonly: true });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}
/** How many people labelled each pair but the gold one. */
export const labelsOfPairs = (project: string): number[] =>
  rowsIn<{ people: number }>(
    project,
    `SELECT count(standing.pair_id) AS people FROM pairs
     LEFT JOIN standing ON standing.pair_id = pairs.id AND person = 1 AND decision <> 'skip'
     WHERE pairs.id > 1 GROUP BY pairs.id`,
  ).map(({ people }) => people);

export const prompt = (page: Page) => page.getByRole('region', { name: 'Prompt' });
export const saved = (page: Page) => page.getByRole('status').getByText('Saved').waitFor();
export const show = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

/** With four steps `2` is the left reply much better, `8` the right one. */
export async function goodKey(page: Page): Promise<string> {
  const left = await page.getByRole('region', { name: 'Left reply' }).textContent();
  const right = await page.getByRole('region', { name: 'Right reply' }).textContent();
  const better = [left, right].some((text) => text?.includes(WRITTEN)) ? WRITTEN : GOOD;
  return left?.includes(better) ? '2' : '8';
}

/** Numbers of the replies on the desk, from the best to the last but one. */
export async function bestNumbers(page: Page): Promise<number[]> {
  const numbers = [1, 2, 3];
  const texts = await Promise.all(
    numbers.map((number) => page.getByRole('region', { name: `Reply ${number}`, exact: true }).textContent()),
  );
  return REPLIES.slice(0, -1).map((reply) => texts.findIndex((text) => text?.includes(reply)) + 1);
}
/** Saves the order: the first place is much better than the second, that slightly better than the third. */
export async function giveRanking(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'How much better' }).waitFor();
  for (const strength of ['3', '1']) await page.keyboard.press(strength);
}
async function rankByKeys(page: Page): Promise<void> {
  for (const number of await bestNumbers(page)) await page.keyboard.press(String(number));
  await giveRanking(page);
}

/** Prompt and replies of the pair on the desk: several have the same prompt. */
const textsOf = (page: Page) =>
  page.getByRole('region', { name: /^(Prompt|Left reply|Right reply)$/ }).allTextContents();

/** Says more of a pair first, and may give another key. */
export type Own = (page: Page, asked: string) => Promise<string | null>;
/** Labels whatever comes until nothing does. */
export async function labelAll(page: Page, own: Own, rank = rankByKeys): Promise<void> {
  await page.getByRole('toolbar', { name: /Verdict|Ranking/ }).waitFor();
  for (let count = 0; count < 2 * PAIRS + 4; count += 1) {
    const asked = await prompt(page)
      .textContent({ timeout: 2000 })
      .catch(() => null);
    if (asked === null) return;
    const before = await textsOf(page);
    const isSet = await page.getByRole('group', { name: '3 replies to rank' }).isVisible();
    if (isSet) await rank(page);
    else await page.keyboard.press((await own(page, asked)) ?? (await goodKey(page)));
    await saved(page);
    if (asked.includes('plant 1?')) await page.getByText(TOLD).first().waitFor();
    await expect.poll(() => textsOf(page), PATIENTLY).not.toEqual(before);
  }
}

/** `B` no longer says that both are bad: `Q` does. */
export async function remapBothBad(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change keys…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Keys of the desk' });
  await dialog.getByRole('group', { name: 'Both bad' }).getByRole('button', { name: 'B, change' }).click();
  await page.keyboard.press('q');
  await dialog.getByRole('button', { name: 'Q, change' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

/** Trains a few steps, labels the pair that the run needs most the wrong way, and waits for the next. */
export async function labelByNeed(page: Page): Promise<void> {
  await walk.startRun(page, 8);
  await walk.finishRun(page);
  await show(page, '#/annotate?order=need:1:any');
  const why = page.getByRole('note', { name: 'Why this pair' });
  await expect.poll(() => why.textContent(), { timeout: 60_000 }).toMatch(/margin|code/);
  const first = await prompt(page).textContent();
  await page.keyboard.press((await goodKey(page)) === '2' ? '8' : '2');
  await saved(page);
  await expect.poll(() => prompt(page).textContent(), PATIENTLY).not.toBe(first);
}

/** Audits the labels and calls one that others contradict a tie. */
export async function auditAndDecideAgain(page: Page): Promise<void> {
  await show(page, '#/library');
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Audit').click();
  await page.getByRole('button', { name: 'Audit the labels' }).click();
  await page.getByText(/contradicted by the others/).waitFor({ timeout: 120_000 });
  await page.getByRole('combobox', { name: 'Labels less likely than' }).click();
  await page.getByRole('option', { name: 'less likely than 50 %' }).click();
  const list = page.getByRole('list', { name: 'Labels that others contradict, most first' });
  // The list of probabilities has the keyboard until a label is chosen.
  await list.getByRole('listitem').first().getByText('How do I water plant').click();
  await page.getByText(/^The label prefers/).waitFor();
  await page.keyboard.press('t');
  await list.getByText('no longer prefers a reply').waitFor();
}
