/**
 * A project's whole labelling in the real window, one person after another, against its file: all that a verdict says,
 * replies that people write, a ranking by keys and by dragging, a remapped key, gold, overlap, a disagreement and its end,
 * the queue that a run needs most and the labels that an audit finds.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as desk from '../helpers/annotateWalk.ts';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

const { prompt, saved, show } = desk;
const REASON = 'It says how much.';
const FLAG = 'A plant of that name?';
const EDITED = `${desk.WRITTEN} No more.`;
const THIRD = `${desk.WRITTEN} And one on holidays.`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;
let page: Page;
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = join(folder.path, 'plants.facet');
  await desk.plantProject(folder.path, project);
  facet = await launchFacet(join(folder.path, 'user'), { project });
  page = facet.page;
  await page.getByRole('banner').waitFor();
  await page.keyboard.press('Alt+2');
  await walk.sayName(page, 'Ada');
  await page.getByRole('toolbar', { name: /Verdict|Ranking/ }).waitFor();
}, 120_000);
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.close();
  await folder.remove();
});

const rows = <T>(sql: string): T[] => desk.rowsIn<T>(project, sql);
const chip = (name: string) => page.getByRole('banner').getByRole('button', { name, exact: true });

/** Opens a pair of the plants on the desk. */
async function openPlant(number: number): Promise<void> {
  await show(page, `#/annotate?pair=${number}`);
  await prompt(page).getByText(`plant ${number}?`).waitFor();
}
/** What is typed goes nowhere until the field has the keyboard. */
async function typeInto(name: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await field.fill(text);
}
/** What somebody's verdict on a pair says. */
const saidOf = (person: string, pairId: number) =>
  rows<Record<string, unknown>>(
    `SELECT annotations.decision, left_key AS leftKey, strength, confidence, rationale, flag, aspects FROM annotations
     JOIN standing ON standing.annotation_id = annotations.id JOIN annotators ON annotators.id = annotations.annotator_id
     WHERE annotators.name = '${person}' AND annotations.pair_id = ${pairId}`,
  );

test('a verdict says how much better, by which aspect, how sure, why, and that the pair wants attention', async () => {
  await openPlant(2);
  const key = await desk.goodKey(page);
  for (const answer of ['a', '1', 'c', '4', 'w']) await page.keyboard.press(answer);
  await typeInto('Why', REASON);
  await page.keyboard.press('Enter');
  await page.keyboard.press('f');
  await typeInto('Flag', FLAG);
  await page.keyboard.press('Enter');
  await page.keyboard.press(key);
  await saved(page);
  const [said] = saidOf('Ada', 2);
  expect(said).toMatchObject({ strength: 3, confidence: 4, rationale: REASON, flag: FLAG });
  const [left, right] = said?.leftKey === 'a' ? ['a', 'b'] : ['b', 'a'];
  expect(said?.decision).toBe(key === '2' ? left : right);
  // The first digit of an aspect is the left reply.
  expect(JSON.parse(String(said?.aspects))).toEqual({ Helpful: left });
});

test('an edit is chosen over its original and a third reply over both, which stay', async () => {
  await openPlant(3);
  const key = await desk.goodKey(page);
  for (const [open, name, text] of [
    ['e', 'Left reply, edited', EDITED],
    ['n', 'A third reply', THIRD],
  ] as const) {
    await page.keyboard.press(open);
    await typeInto(name, text);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('textbox', { name, exact: true }).waitFor({ state: 'hidden' });
  }
  await page.keyboard.press(key);
  await saved(page);
  const [said] = saidOf('Ada', 3);
  const [pair] = rows<Record<'a' | 'b', string>>(
    `SELECT one.text AS a, other.text AS b FROM pairs JOIN responses AS one ON one.id = a_id
     JOIN responses AS other ON other.id = b_id WHERE pairs.id = 3`,
  );
  const texts = Object.values(pair ?? {});
  const left = pair?.[said?.leftKey as 'a' | 'b'];
  expect(texts.toSorted()).toEqual(['Plant 3 wants a glass a week.', 'Pour something on plant 3.']);
  const written = rows<{ better: string; worse: string }>(
    `SELECT CASE decision WHEN 'a' THEN one.text ELSE other.text END AS better,
       CASE decision WHEN 'a' THEN other.text ELSE one.text END AS worse
     FROM pairs JOIN sources ON sources.id = source_id AND sources.name = 'Written replies'
     JOIN standing ON standing.pair_id = pairs.id JOIN responses AS one ON one.id = a_id
     JOIN responses AS other ON other.id = b_id`,
  );
  const asWords = ({ better, worse }: { better: string; worse: string }) => `${better} > ${worse}`;
  expect(written.map(asWords).toSorted()).toEqual(
    [`${EDITED} > ${left}`, ...texts.map((text) => `${THIRD} > ${text}`)].toSorted(),
  );
});

test('a key that was given another action does that, and its old one nothing', async () => {
  await openPlant(4);
  await desk.remapBothBad(page);
  const before = rows('SELECT id FROM annotations').length;
  await page.keyboard.press('b');
  await page.keyboard.press('q');
  await saved(page);
  await expect.poll(() => saidOf('Ada', 4)).toMatchObject([{ decision: 'both_bad' }]);
  expect(rows('SELECT id FROM annotations')).toHaveLength(before + 1);
});

/** Ranks of both people's orders, each with what it says of its pairs. */
function ranked() {
  const orders = rows<{ person: string; order: string }>(
    `SELECT name AS person, group_concat(text, ' ' ORDER BY value) AS "order" FROM rankings
     JOIN annotations ON annotations.id = annotation_id JOIN annotators ON annotators.id = annotator_id,
       json_each(ranks) JOIN responses ON responses.id = json_each.key GROUP BY annotation_id`,
  );
  const strengths = rows<{ strength: number }>(
    `SELECT strength FROM ranked_pairs JOIN annotations ON annotations.id = ranked_pairs.annotation_id ORDER BY strength`,
  );
  return { orders, strengths: strengths.map(({ strength }) => strength) };
}

test('three replies are ranked by keys, and the gold pair tells its answer', async () => {
  await show(page, '#/annotate');
  await desk.labelAll(page, async () => null);
  expect(ranked()).toEqual({
    orders: [{ person: 'Ada', order: desk.REPLIES.join(' ') }],
    strengths: [1, 3, 3],
  });
  expect(desk.labelsOfPairs(project)).toEqual(desk.labelsOfPairs(project).map(() => 1));
});

/** The order of the two best by dragging their heads into the strip; the last has its place by itself. */
async function rankByDragging(): Promise<void> {
  const strip = page.getByRole('list', { name: 'Ranking so far' });
  const places = strip.getByRole('listitem').filter({ hasText: /\d(st|nd|rd)/ });
  for (const [at, number] of (await desk.bestNumbers(page)).entries()) {
    await page
      .getByRole('group', { name: /replies to rank/ })
      .getByRole('heading', { name: `Reply ${number}` })
      .dragTo(strip);
    await expect.poll(() => places.count()).toBe(at === 0 ? 1 : 3);
  }
  await desk.giveRanking(page);
}

test('somebody to whom the page was handed labels each pair a second time and ranks by dragging', async () => {
  await show(page, '#/settings');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Bo');
  await page.getByRole('button', { name: 'Add with a link' }).click();
  await page.getByRole('list', { name: 'People' }).getByRole('listitem', { name: 'Bo' }).waitFor();
  await chip('Ada').click();
  await page.getByRole('button', { name: 'Bo Annotator' }).click();
  await chip('Bo').waitFor();
  await desk.labelAll(page, async () => null, rankByDragging);
  const order = desk.REPLIES.join(' ');
  expect(ranked()).toEqual({
    orders: ['Ada', 'Bo'].map((person) => ({ person, order })),
    strengths: [1, 1, 3, 3, 3, 3],
  });
  // As many as the overlap asks for, so that nothing is left for a third.
  expect(desk.labelsOfPairs(project)).toEqual(desk.labelsOfPairs(project).map(() => 2));
  await chip('Bo').click();
  await page.getByRole('button', { name: 'The whole workbench Owner' }).click();
  await page.getByRole('navigation').first().waitFor();
  await chip('Ada').click();
  await page.getByRole('button', { name: 'Olga', exact: true }).click();
  await chip('Olga').waitFor();
  await show(page, '#/annotate');
  await expect.poll(() => prompt(page).count(), desk.PATIENTLY).toBe(0);
});

test('how each did on the gold pair stands among the people', async () => {
  await show(page, '#/settings');
  for (const name of ['Ada', 'Bo']) {
    const line = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    expect(await line.getByRole('cell').last().textContent()).toMatch(/^1 of 1: 100 % /);
  }
});

test('what the two differ on is settled by a third, with a reason', async () => {
  await show(page, '#/library');
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Agreement').click();
  await page.getByRole('button', { name: 'Settle disagreements' }).click();
  await page.getByText('1 open, 0 settled').waitFor();
  await page.getByRole('list', { name: 'What people said' }).waitFor();
  await page.keyboard.press('w');
  await typeInto('Why (W)', 'Both are vague.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  await page.getByText('0 open, 1 settled').waitFor();
  const settled = rows<{ name: string; pairId: number; decision: string; rationale: string }>(
    `SELECT name, pair_id AS pairId, decision, rationale FROM adjudications JOIN annotations ON annotations.id = annotation_id
     JOIN annotators ON annotators.id = annotator_id`,
  );
  expect(settled).toEqual([{ name: 'Olga', pairId: 4, decision: 'tie', rationale: 'Both are vague.' }]);
});

const lastId = (): number => rows<{ id: number }>('SELECT max(id) AS id FROM annotations')[0]?.id ?? 0;
/** What was said after that, and by whom. */
const saidAfter = (id: number) =>
  rows<{ name: string; decision: string; strength: number | null }>(
    `SELECT name, decision, strength FROM annotations JOIN annotators ON annotators.id = annotator_id
     WHERE annotations.id > ${id} ORDER BY annotations.id`,
  );

test('a run makes a queue by need, each pair with its reason', async () => {
  const more = await walk.writePairFile(folder.path);
  await facet.app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, more);
  await walk.importFile(page, () => page.getByRole('button', { name: 'Choose files…' }).click());
  const before = lastId();
  await desk.labelByNeed(page);
  expect(saidAfter(before)).toEqual([
    { name: 'Olga', decision: expect.stringMatching(/^[ab]$/), strength: 3 },
  ]);
});

test('an audit of the run finds labels, of which one is decided again', async () => {
  const before = lastId();
  await desk.auditAndDecideAgain(page);
  expect(saidAfter(before)).toEqual([{ name: 'Olga', decision: 'tie', strength: null }]);
  expect(facet.pageErrors).toEqual([]);
});
