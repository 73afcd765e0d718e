/** Figures of runs and codes in the real window, trained there: whose they are, what they are compared on, and the way from them to pairs. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mapPath, readMap } from '#main/codes/map/mapFile.ts';
import { MAP_EDGE } from '#shared/codeMap.ts';
import * as explore from '../helpers/exploreWalk.ts';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

const STEPS = 400;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = await explore.twoSources(join(folder.path, 'project'));
  facet = await launchFacet(join(folder.path, 'user'), { project });
  await facet.page.getByRole('banner').waitFor();
  await facet.page.keyboard.press('Alt+2');
  await walk.sayName(facet.page, 'Ada');
  await facet.page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
});
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
  await folder.remove();
});

/** First column of what the project holds, beside the window. */
function read<T>(sql: string, ...given: readonly unknown[]): T[] {
  const database = new Sqlite(project, { readonly: true });
  try {
    return database
      .prepare<unknown[], T>(sql)
      .pluck()
      .all(...given);
  } finally {
    database.close();
  }
}

/** Ids of the pairs that come first in the queue: mark 3, bit n of a word is pair 32 · word + n. */
function queuedFirst(): number[] {
  const rows = read<string>("SELECT word || ' ' || bits FROM marked_pairs WHERE mark_id = 3 ORDER BY word");
  return rows.flatMap((row) => {
    const [word = 0, bits = 0] = row.split(' ').map(Number);
    return Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) =>
      (bits >>> bit) & 1 ? [32 * word + bit] : [],
    );
  });
}

test('codes belong to a checkpoint: after a pause and a resume the screen names its step and shows its figures', async () => {
  const { page } = facet;
  await walk.startRun(page, STEPS);
  await explore.pauseEarly(page);
  await explore.lookAtCodes(page);
  const before = await explore.shownCodes(page);
  // Of a fast run some steps are reported alone; where it stands is where its checkpoint is.
  expect(read<number>('SELECT step FROM runs WHERE id = 1')).toEqual([before.step]);
  expect(read<number>("SELECT step FROM checkpoints WHERE run_id = 1 AND kind = 'last'")).toEqual([
    before.step,
  ]);
  expect(before.step).toBeLessThan(STEPS);
  await explore.resume(page);
  await walk.finishRun(page);
  await explore.lookAtCodes(page);
  const after = await explore.shownCodes(page);
  expect(after.step).toBe(STEPS);
  expect(after.figures).not.toBe(before.figures);
  await walk.tryPrompt(page, 'How do I keep basil alive?');
  await page.getByText(new RegExp(`^p\\(z\\|x\\) by Run 1, step ${STEPS}, `)).waitFor();
});

test('what codes agree with stands beside untrained figures, and how far a typed prompt is from those trained on is said', async () => {
  const { page } = facet;
  await page.getByText(/^\d+ of 16 in use$/).waitFor();
  await page
    .getByText(/untrained/)
    .first()
    .waitFor();
  await page.getByText('Groups', { exact: true }).click();
  await page.getByRole('combobox', { name: 'What the cells show' }).waitFor();
  await walk.tryPrompt(page, 'zqxj 0x7f ;;; SELECT ~~~ \u2603 \u2603 \u2603 kkkkkkkk');
  await page.getByText(/^(Unlike anything trained on|Like prompts trained on): the nearest is/).waitFor();
});

test('a box on the map queues exactly the pairs of the prompts within', async () => {
  const { page } = facet;
  await page.getByText('Map', { exact: true }).click();
  await page.getByRole('combobox', { name: 'What is laid out' }).selectOption('state');
  const { frame, box } = await explore.boxOnMap(page);
  await page.getByRole('button', { name: 'Contours' }).click();
  await expect.poll(() => page.getByRole('application').locator('svg path').count()).toBe(4);
  const map = readMap(
    mapPath(`${project}.files/runs/1`, STEPS, { method: 'pca', features: 'state', seed: 0 }),
  );
  if (map === null) throw new Error('no picture is kept');
  // The whole picture fills 94 of 100 of the frame's shorter side, in its middle.
  const scale = (0.94 * Math.min(frame.width, frame.height)) / MAP_EDGE;
  const on = (side: number, place: number) => side / 2 + (place - MAP_EDGE / 2) * scale;
  const within = [...map.promptIds].filter((_, row) => {
    const x = on(frame.width, map.places[2 * row] as number);
    const y = on(frame.height, map.places[2 * row + 1] as number);
    return (
      x >= (box[0] as number) && x < (box[2] as number) && y >= (box[1] as number) && y < (box[3] as number)
    );
  });
  const pairs = read<number>(
    `SELECT id FROM pairs WHERE prompt_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    JSON.stringify(within),
  );
  expect(pairs.length).toBeGreaterThan(0);
  const pane = page.getByRole('complementary', { name: 'Selection' });
  await pane.getByText(new RegExp(`^${pairs.length} pairs? of ${within.length} prompts?$`)).waitFor();
  await pane.getByRole('button', { name: 'Label first' }).click();
  await page.getByText(new RegExp(`^${pairs.length} pairs? first in the queue, tagged`)).waitFor();
  expect(queuedFirst()).toEqual(pairs);
  await pane.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(queuedFirst).toEqual([]);
});

test('a point of the loss leads to its pairs; ln 2 is marked', async () => {
  const { page } = facet;
  await page.keyboard.press('Alt+3');
  const chart = page.getByRole('region', { name: 'Chart: Loss' });
  await chart.getByText('ln 2, untrained').waitFor();
  await chart.getByText('held-out', { exact: false }).first().waitFor();
  expect(await explore.pairsOfStep(page)).toBeGreaterThan(0);
});

test('runs of two seeds are compared on the pairs held out from both, with an interval and the settings apart', async () => {
  const { page } = facet;
  await explore.likeItWithSeed(page, 2);
  await walk.finishRun(page);
  await page.getByRole('combobox', { name: 'Compare with another run' }).selectOption({ index: 1 });
  const card = page.getByRole('region', { name: 'Compared with Run 1' });
  await card.getByText(/^On \d+ pairs? of \d+ prompts? held out from both/).waitFor({ timeout: 120_000 });
  const shared = read<number>(
    'SELECT count(DISTINCT a.pair_id) FROM pair_results a JOIN pair_results b ON a.pair_id = b.pair_id WHERE a.run_id = 1 AND b.run_id = 2',
  )[0];
  await card.getByText(new RegExp(`^On ${shared} pairs? of`)).waitFor();
  expect(await card.textContent()).toMatch(/accuracy \(95 % [+−][\d.]+ … [+−][\d.]+\)/);
  expect(await card.getByRole('row', { name: /^seed 2 1$/ }).count()).toBe(1);
});

test('absurd values and what is cut are said in the form, before the run', async () => {
  const { page } = facet;
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByRole('button', { name: /Advanced settings/ }).click();
  await form.getByRole('textbox', { name: /^Held out/ }).fill('0');
  await form.getByText(/^Nothing is held out/).waitFor();
  await form
    .getByRole('textbox', { name: /^Learning rate/ })
    .first()
    .fill('1e9');
  await form
    .getByText(/far from usual/)
    .first()
    .waitFor();
  await form.getByRole('textbox', { name: /^Longest reply/ }).fill('4');
  await page.getByText(/ % of all tokens are cut off, in \d+ of \d+ pairs\./).waitFor({ timeout: 120_000 });
  await page.keyboard.press('Escape');
});

test('steering leads to a pair, labelled on the spot: the reply that was called better is the one that is stored so', async () => {
  const { page } = facet;
  const asked = 'I am texting my best friend. My kettle arrived broken. What now?';
  const { pairId, better } = await explore.steerToLabel(page, asked);
  const preferred = `SELECT r.text FROM standing s JOIN pairs p ON p.id = s.pair_id
    JOIN responses r ON r.id = iif(s.decision = 'a', p.a_id, p.b_id) WHERE p.id = ?`;
  const [text = 'none'] = read<string>(preferred, pairId);
  expect(better).toContain(text);
  expect(facet.pageErrors).toEqual([]);
});

test('a killed compute process: the run says after which step, what is kept and where it goes on, and does', async () => {
  const { page } = facet;
  await walk.startRun(page, 5000);
  await page
    .getByText(/^step (2[1-9]|[3-9]\d|\d{3}|\d,\d{3}) of 5,000/)
    .first()
    .waitFor({ timeout: 400_000 });
  expect(await explore.killCompute(facet)).toBeGreaterThan(0);
  await page
    .getByText(/^Failed, can be resumed/)
    .first()
    .waitFor();
  const alert = page.getByRole('main', { name: 'Train' }).getByRole('alert');
  await alert.waitFor();
  const text = (await alert.textContent()) ?? '';
  const said = /after step ([\d,]+) of 5,000\. Kept: the checkpoint of step ([\d,]+)/.exec(text);
  const [step, kept] = (said ?? []).slice(1).map((number) => Number(number.replace(',', '')));
  expect(read<number>('SELECT step FROM runs ORDER BY id DESC LIMIT 1'), text).toEqual([step]);
  expect(
    read<number>("SELECT step FROM checkpoints WHERE kind = 'last' ORDER BY run_id DESC LIMIT 1"),
  ).toEqual([kept]);
  expect(text).toContain(`goes on from step ${kept}`);
  expect(text).not.toMatch(/onnxruntime|Warning:|at .*\.js/);
  await page.getByRole('button', { name: /^Resume/ }).click();
  await alert.waitFor({ state: 'detached' });
  await explore.pauseEarly(page);
  const steps = read<number>(
    "SELECT frame ->> '$.step' FROM run_frames WHERE type = 'step' AND run_id = (SELECT max(id) FROM runs)",
  );
  // Each once: what was taken again stands in the place of what was there.
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  expect(steps.at(-1)).toBeGreaterThan(kept as number);
});
