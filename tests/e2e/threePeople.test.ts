/**
 * Two annotators and the owner at three browsers over `facet serve` at once: what a verdict says, an edit, a ranking, a
 * remapped key, gold, overlap, a disagreement and its end, the audit of a run and the queue that it makes by need.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NO_ATTRIBUTES, PLAIN_RULES } from '#core/verdictAttributes.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';
import {
  type DrivenWindow,
  launchBrowser,
  pictureOfFailure,
  temporaryFolder,
} from '../helpers/facetWindow.ts';
import { numberedRows } from '../helpers/screenTest.ts';
import { type ServedFacet, serveFacet } from '../helpers/servedFacet.ts';
import * as walk from '../helpers/walk.ts';

const PAIRS = 4;
/** From the best to the worst. */
const REPLIES = ['When its soil is dry.', 'Every other Sunday.', 'Never.'];
const GOOD = 'wants a glass';
/** What Ada makes of one of the fourth plant's replies. */
const EDITED = 'A glass on Sundays.';

const PATIENTLY = { timeout: 20_000 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let project: string;
let served: ServedFacet;
let browser: DrivenWindow;
let ada: Page;
let bo: Page;
let owner: Page;

async function makeProject(): Promise<void> {
  const facet = facetOver(folder.path);
  const { services } = facet;
  try {
    await services.project.create({ path: project, name: 'Plants' });
    const files = {
      plants: numberedRows(PAIRS),
      several: [{ prompt: 'When to water a fern?', responses: REPLIES }],
    };
    for (const [name, rows] of Object.entries(files)) {
      const file = join(folder.path, `${name}.jsonl`);
      await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      await importAll(facet, file);
    }
    const olga = await labelAs(facet, 'Olga');
    const { left, right } = await services.library.pair(1, olga.who);
    const good = left.text.includes(GOOD) ? left.key : right.key;
    const attributes = { ...NO_ATTRIBUTES, rationale: 'A glass is an amount.' };
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

/** Another window of the same browser that shares nothing with the first. */
async function openWindow(url: string, partition: string): Promise<Page> {
  const opening = browser.app.waitForEvent('window');
  await browser.app.evaluate(
    ({ BrowserWindow }, [address, own]) => {
      void new BrowserWindow({
        width: 1440,
        height: 900,
        webPreferences: { partition: own, sandbox: true },
      }).loadURL(address);
    },
    [url, partition] as const,
  );
  const page = await opening;
  page.setDefaultTimeout(30_000);
  await page.getByRole('banner').waitFor();
  return page;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  project = join(folder.path, 'plants.facet');
  await makeProject();
  served = await serveFacet(join(folder.path, 'user'), ['--project', project, '--annotators', 'Ada', 'Bo']);
  browser = await launchBrowser(served.url, join(folder.path, 'browser'));
  owner = browser.page;
  const urls = Object.fromEntries(served.people.map(({ name, url }) => [name, url]));
  ada = await openWindow(urls.Ada ?? '', 'ada');
  bo = await openWindow(urls.Bo ?? '', 'bo');
}, 120_000);
afterEach(async ({ task: { name, result } }) => {
  for (const [who, page] of Object.entries({ ada, bo, owner }))
    await pictureOfFailure({ ...browser, page }, { name: `${who} ${name}`, ...(result && { result }) });
});
afterAll(async () => {
  await served.stop();
  await browser.app.close();
  await folder.remove();
});

function rows<T>(sql: string): T[] {
  const database = new Sqlite(project, { readonly: true });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}

const prompt = (page: Page) => page.getByRole('region', { name: 'Prompt' });
const saved = (page: Page) => page.getByRole('status').getByText('Saved').waitFor();
const show = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
/** With four steps `2` is the left reply much better, `8` the right one. */
async function goodKey(page: Page): Promise<string> {
  const left = await page.getByRole('region', { name: 'Left reply' }).textContent();
  const right = await page.getByRole('region', { name: 'Right reply' }).textContent();
  const better = [left, right].some((text) => text?.includes(EDITED)) ? EDITED : GOOD;
  return left?.includes(better) ? '2' : '8';
}
async function rank(page: Page): Promise<void> {
  for (const text of REPLIES.slice(0, 2)) {
    for (const number of [1, 2, 3]) {
      const reply = page.getByRole('region', { name: `Reply ${number}`, exact: true });
      if ((await reply.textContent())?.includes(text)) await page.keyboard.press(String(number));
    }
  }
  await page.keyboard.press('Enter');
  // How much better the first place is than the second, and that than the third.
  await page.getByRole('region', { name: 'How much better' }).waitFor();
  for (const strength of ['3', '1']) await page.keyboard.press(strength);
}

type Own = (page: Page, asked: string) => Promise<string | null>;
/** Labels whatever comes until nothing does. `own` may say more first, and give another key. */
async function labelAll(page: Page, own: Own): Promise<void> {
  await page.getByRole('toolbar', { name: /Verdict|Ranking/ }).waitFor();
  for (let count = 0; count < 2 * PAIRS + 4; count += 1) {
    const asked = await prompt(page)
      .textContent({ timeout: 2000 })
      .catch(() => null);
    if (asked === null) return;
    const isSet = await page.getByRole('group', { name: '3 replies to rank' }).isVisible();
    if (isSet) await rank(page);
    else await page.keyboard.press((await own(page, asked)) ?? (await goodKey(page)));
    await saved(page);
    if (asked.includes('plant 1?')) await page.getByText('A glass is an amount.').first().waitFor();
    await expect
      .poll(
        () =>
          prompt(page)
            .textContent({ timeout: 300 })
            .catch(() => null),
        PATIENTLY,
      )
      .not.toBe(asked);
  }
}

describe('three people at three browsers', () => {
  test('label at once: attributes, an edit, a ranking, a remapped key, and gold that is told', async () => {
    const asAda: Own = async (page, asked) => {
      if (asked.includes('plant 2?')) {
        for (const key of ['a', '1', 'c', '4', 'w']) await page.keyboard.press(key);
        await page.keyboard.type('It says how much.');
        await page.keyboard.press('Enter');
      }
      if (
        asked.includes('plant 4?') &&
        rows("SELECT 1 FROM sources WHERE name = 'Written replies'").length === 0
      ) {
        await page.keyboard.press('e');
        await page.getByRole('textbox', { name: /reply/i }).fill(EDITED);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('textbox', { name: /reply/i }).waitFor({ state: 'hidden' });
      }
      return null;
    };
    const asBo: Own = async (_, asked) => (asked.includes('plant 3?') ? 'q' : null);
    await bo.getByRole('button', { name: 'Change keys…' }).click();
    const dialog = bo.getByRole('dialog', { name: 'Keys of the desk' });
    await dialog.getByRole('group', { name: 'Both bad' }).getByRole('button', { name: 'B, change' }).click();
    await bo.keyboard.press('q');
    await dialog.getByRole('button', { name: 'Q, change' }).waitFor();
    await bo.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await Promise.all([labelAll(ada, asAda), labelAll(bo, asBo)]);
    // What Ada wrote has come to Bo, or comes now.
    await bo.reload();
    await labelAll(bo, asBo);

    const [said] = rows<Record<string, unknown>>(
      `SELECT strength, confidence, rationale, aspects FROM annotations WHERE rationale = 'It says how much.'`,
    );
    expect(said).toMatchObject({ strength: 3, confidence: 4 });
    expect(JSON.parse(String(said?.aspects))).toEqual({ Helpful: expect.stringMatching(/^[ab]$/) });
    const ranked = rows<{ text: string; value: number }>(
      `SELECT text, value FROM rankings, json_each(ranks) JOIN responses ON responses.id = key ORDER BY annotation_id, value`,
    );
    expect(ranked.map(({ text }) => text)).toEqual([...REPLIES, ...REPLIES]);
    const strengths = rows<{ strength: number }>(
      `SELECT strength FROM ranked_pairs JOIN annotations ON annotations.id = ranked_pairs.annotation_id
       ORDER BY strength`,
    );
    expect(strengths.map(({ strength }) => strength)).toEqual([1, 1, 3, 3, 3, 3]);
  });

  test('each pair has the two labels that it wants, and the owner has none left', async () => {
    const labels = rows<{ pairId: number; people: number }>(
      `SELECT pairs.id AS pairId, count(standing.pair_id) AS people FROM pairs
       LEFT JOIN standing ON standing.pair_id = pairs.id AND person = 1 AND decision <> 'skip'
       WHERE pairs.id > 1 GROUP BY pairs.id`,
    );
    expect(labels.map(({ people }) => people)).toEqual(labels.map(() => 2));
    await owner.getByRole('banner').waitFor();
    await show(owner, '#/annotate');
    await walk.sayName(owner, 'Olga');
    await owner.getByRole('button', { name: 'Olga' }).waitFor();
    await expect.poll(() => prompt(owner).count(), PATIENTLY).toBe(0);
  });

  test('what two differ on is settled by the third', async () => {
    await show(owner, '#/annotate?disagreements=open');
    await owner.getByText('1 open, 0 settled').waitFor();
    await owner.keyboard.press('3');
    await owner.getByText('0 open, 1 settled').waitFor();
    expect(rows('SELECT annotation_id FROM adjudications')).toHaveLength(1);
  });

  test('a run makes a queue by need, and an audit whose labels are decided again', async () => {
    const more = await walk.writePairFile(folder.path);
    await walk.importFile(owner, () => owner.locator('input[type=file]').first().setInputFiles(more));
    await walk.startRun(owner, 8);
    await walk.finishRun(owner);
    await show(owner, '#/annotate?order=need:1:any');
    const why = owner.getByRole('note', { name: 'Why this pair' });
    await expect.poll(() => why.textContent(), { timeout: 60_000 }).toMatch(/margin|code/);
    const first = await prompt(owner).textContent();
    // The wrong one, so that the audit has something to find.
    await owner.keyboard.press((await goodKey(owner)) === '2' ? '8' : '2');
    await saved(owner);
    await expect.poll(() => prompt(owner).textContent(), PATIENTLY).not.toBe(first);

    await show(owner, '#/library');
    await owner.getByRole('navigation', { name: 'Views of the Library' }).getByText('Audit').click();
    await owner.getByRole('button', { name: 'Audit the labels' }).click();
    await owner.getByText(/contradicted by the others/).waitFor({ timeout: 120_000 });
    await owner.getByRole('combobox', { name: 'Labels less likely than' }).click();
    await owner.getByRole('option', { name: 'less likely than 50 %' }).click();
    const list = owner.getByRole('list', { name: 'Labels that others contradict, most first' });
    // The list of probabilities has the keyboard until a label is chosen.
    await list.getByRole('listitem').first().getByText('How do I water plant').click();
    await owner.getByText(/^The label prefers/).waitFor();
    const before = rows('SELECT id FROM annotations').length;
    await owner.keyboard.press('t');
    await list.getByText('no longer prefers a reply').waitFor();
    expect(rows('SELECT id FROM annotations')).toHaveLength(before + 1);
    expect(browser.pageErrors).toEqual([]);
  });
});
