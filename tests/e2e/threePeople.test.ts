/**
 * Two annotators and the owner at three browsers over `facet serve` at once: what a verdict says, an edit, a ranking, a
 * remapped key, gold, overlap, a disagreement and its end, the audit of a run and the queue that it makes by need.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as desk from '../helpers/annotateWalk.ts';
import {
  type DrivenWindow,
  launchBrowser,
  pictureOfFailure,
  temporaryFolder,
} from '../helpers/facetWindow.ts';
import { type ServedFacet, serveFacet } from '../helpers/servedFacet.ts';
import * as walk from '../helpers/walk.ts';

const { prompt, REPLIES, show } = desk;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let project: string;
let served: ServedFacet;
let browser: DrivenWindow;
let ada: Page;
let bo: Page;
let owner: Page;

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
  await desk.plantProject(folder.path, project);
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

const rows = <T>(sql: string): T[] => desk.rowsIn<T>(project, sql);

describe('three people at three browsers', () => {
  test('label at once: attributes, an edit, a ranking, a remapped key, and gold that is told', async () => {
    const asAda: desk.Own = async (page, asked) => {
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
        await page.getByRole('textbox', { name: /reply/i }).fill(desk.WRITTEN);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('textbox', { name: /reply/i }).waitFor({ state: 'hidden' });
      }
      return null;
    };
    const asBo: desk.Own = async (_, asked) => (asked.includes('plant 3?') ? 'q' : null);
    await desk.remapBothBad(bo);
    await Promise.all([desk.labelAll(ada, asAda), desk.labelAll(bo, asBo)]);
    // What Ada wrote has come to Bo, or comes now.
    await bo.reload();
    await desk.labelAll(bo, asBo);

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
    const labels = desk.labelsOfPairs(project);
    expect(labels).toEqual(labels.map(() => 2));
    await owner.getByRole('banner').waitFor();
    await show(owner, '#/annotate');
    await walk.sayName(owner, 'Olga');
    await owner.getByRole('button', { name: 'Olga' }).waitFor();
    await expect.poll(() => prompt(owner).count(), desk.PATIENTLY).toBe(0);
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
    await desk.labelByNeed(owner);
    const before = rows('SELECT id FROM annotations').length;
    await desk.auditAndDecideAgain(owner);
    expect(rows('SELECT id FROM annotations')).toHaveLength(before + 1);
    expect(browser.pageErrors).toEqual([]);
  });
});
