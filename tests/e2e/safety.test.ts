/** What a hostile page can't do, and what a dying compute process doesn't. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;

beforeEach(async () => {
  folder = await temporaryFolder();
  facet = await launchFacet(join(folder.path, 'user'));
});
afterEach(async ({ task }) => {
  await pictureOfFailure(facet, task);
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

describe('the page', () => {
  test('has no Node, no way out and no rights', async () => {
    const { page, app } = facet;
    await page.getByRole('button', { name: /Open the sample/ }).waitFor();
    const start = page.url();
    const reach = await page.evaluate(async () => ({
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as { facet?: object }).facet ?? {}).sort(),
      opened: window.open('https://example.com/') !== null,
      fetched: await fetch('https://example.com/').then(
        () => true,
        () => false,
      ),
      file: await fetch('file:///etc/passwd').then(
        () => true,
        () => false,
      ),
      above: (await fetch('/%2e%2e/main/index.js')).ok,
      script: await new Promise<boolean>((resolve) => {
        const element = document.createElement('script');
        element.textContent = 'globalThis.injected = true';
        document.head.append(element);
        setTimeout(() => resolve('injected' in globalThis), 50);
      }),
      microphone: await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => true,
        () => false,
      ),
    }));
    expect(reach).toEqual({
      node: [],
      bridge: ['host', 'pathForFile'],
      opened: false,
      fetched: false,
      file: false,
      above: false,
      script: false,
      microphone: false,
    });
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
    });
    expect(page.url()).toBe(start);
    expect(app.windows()).toHaveLength(1);
    await expect(page.getByRole('button', { name: /Open the sample/ }).isVisible()).resolves.toBe(true);
  });
});

describe('the compute process', () => {
  test('may be killed while it trains: the run says so, the app goes on, the next run works', async () => {
    const { page } = facet;
    await walk.openSample(page);
    await walk.startRun(page, 20_000);
    await page
      .getByText(/step [1-9]\d* of 20[, ]?000/)
      .first()
      .waitFor({ timeout: 400_000 });
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
    await walk.openSample(page);
    await walk.startRun(page, 20_000);
    await page
      .getByText(/step [1-9]\d* of 20[, ]?000/)
      .first()
      .waitFor({ timeout: 400_000 });
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
    facet = await launchFacet(userDataDir);
    await facet.page.getByRole('button', { name: /Open the sample/ }).click();
    await facet.page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
    await facet.page.keyboard.press('Alt+3');
    await facet.page.getByText('Stopped, saved', { exact: true }).first().waitFor();
  });
});
