/** What a dying compute process doesn't do to the app, and what closing the window asks while one works. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { smallProject } from '../helpers/smallProject.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let project: string;
let facet: DrivenWindow;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = await smallProject(join(folder.path, 'project'));
  facet = await launchFacet(join(folder.path, 'user'), { project });
  await facet.page.getByRole('banner').waitFor();
  await facet.page.keyboard.press('Alt+2');
  await walk.sayName(facet.page, 'Ada');
});
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  // A run that is still going would have closing ask.
  await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
  await folder.remove();
});

const computePids = () =>
  facet.app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ name, serviceName }) => [name, serviceName].includes('Facet compute'))
      .map(({ pid }) => pid),
  );

/** Starts a run that no test sees the end of, and waits until it trains. */
async function trainLong(thousands: number): Promise<void> {
  await walk.startRun(facet.page, thousands * 1000);
  const step = new RegExp(`step [1-9]\\d* of ${thousands}[, ]?000`);
  await facet.page.getByText(step).first().waitFor({ timeout: 400_000 });
}

test('a compute process may be killed while it trains: the run says so, the app goes on, the next run works', async () => {
  const { page } = facet;
  await trainLong(20);
  // One trains; another may still hold the model of the estimate.
  const pids = await computePids();
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await page.getByText('Failed', { exact: true }).first().waitFor();
  await walk.startRun(page, 30);
  await walk.finishRun(page);
});

test('closing the window while it trains asks; stopping writes the checkpoint', async () => {
  const { page, app, userDataDir } = facet;
  await trainLong(30);
  const asked = await app.evaluate(async ({ dialog, BrowserWindow }) => {
    const questions: string[] = [];
    dialog.showMessageBox = async (...args: unknown[]) => {
      const options = args.at(-1) as { message: string; buttons: string[] };
      questions.push(options.message);
      return { response: options.buttons.indexOf('Cancel'), checkboxChecked: false };
    };
    BrowserWindow.getAllWindows()[0]?.close();
    const end = Date.now() + 20_000;
    while (questions.length === 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
    return questions;
  });
  expect(asked).toEqual(['A run is training']);
  expect(await page.title()).toContain('Facet');
  const exited = new Promise((resolve) => app.process().once('exit', resolve));
  await app.evaluate(({ dialog, BrowserWindow }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await exited;
  facet = await launchFacet(userDataDir, { project });
  await facet.page.getByRole('banner').waitFor();
  await facet.page.keyboard.press('Alt+3');
  await facet.page.getByText('Stopped, saved', { exact: true }).first().waitFor();
});
