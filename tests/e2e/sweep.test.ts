/** A sweep of a setting in the real window, each of its runs trained. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { readSweep, sweepSetting } from '../helpers/sweepWalk.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;

beforeEach(async () => {
  folder = await temporaryFolder();
  facet = await launchFacet(`${folder.path}/user`);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(facet, task);
  await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
  await folder.remove();
});

test('sweep of a setting', async () => {
  const { page } = facet;
  await walk.openSample(page);
  await page.keyboard.press('Alt+3');
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  await sweepSetting(page, 4);
  const settings = await readSweep(page);
  expect(settings.map(({ value }) => value)).toEqual(['0.0001', '0.001', '0.01']);
  for (const { accuracy } of settings) expect(accuracy >= 0 && accuracy <= 1).toBe(true);
});
