/** The same walk through `facet serve` in an ordinary browser page. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type DrivenWindow,
  launchBrowser,
  pictureOfFailure,
  temporaryFolder,
} from '../helpers/facetWindow.ts';
import { type ServedFacet, serveFacet } from '../helpers/servedFacet.ts';
import * as walk from '../helpers/walk.ts';

const tenKeys = ['2', '1', 'b', '3', '2', '1', '2', '1', '2', '1'];

describe('the walk in a browser', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let served: ServedFacet;
  let browser: DrivenWindow;
  let pairFile: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    pairFile = await walk.writePairFile(folder.path);
    served = await serveFacet(join(folder.path, 'user'));
    browser = await launchBrowser(served.url, join(folder.path, 'browser'));
  });
  afterEach(({ task }) => pictureOfFailure(browser, task));
  afterAll(async () => {
    await served.stop();
    await browser.app.close();
    await folder.remove();
  });

  test('the page is an ordinary one and hides the token from the address bar', async () => {
    expect(await browser.page.evaluate(() => 'facet' in window)).toBe(false);
    await expect.poll(() => browser.page.url(), { timeout: 20_000 }).not.toContain(served.token);
  });

  test('the whole loop works', async () => {
    const { page } = browser;
    await walk.openSample(page);
    const said = await walk.importFile(page, () =>
      page.locator('input[type=file]').first().setInputFiles(pairFile),
    );
    expect(said).toContain('12 pairs imported');
    await walk.labelByKeys(page, tenKeys);
    await walk.undoOne(page, tenKeys.length);
    await walk.startRun(page, 30, ['Recipes', 'Weather']);
    await walk.finishRun(page);
    expect(await walk.openCodes(page)).toMatch(/^Weights of [1-9]\d* codes over [1-9]\d* prompts$/);
    await expect.poll(() => walk.heatMapColours(page), { timeout: 20_000 }).toBeGreaterThan(2);
    expect(await walk.tryPrompt(page, 'Is it going to rain?')).toMatch(/[1-9]\d* tokens?/);
    expect(browser.pageErrors).toEqual([]);
  });

  test('a page without the token is refused', async () => {
    const refused = await browser.page.evaluate(
      (port) =>
        new Promise<boolean>((resolve) => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc?token=wrong`);
          socket.addEventListener('open', () => resolve(false));
          socket.addEventListener('error', () => resolve(true));
        }),
      served.port,
    );
    expect(refused).toBe(true);
  });
});
