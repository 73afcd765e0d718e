/** The walk in the real window, and what it leaves behind: labels on disk, nothing sent anywhere. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { outsideSockets } from '../helpers/outsideSockets.ts';
import * as walk from '../helpers/walk.ts';

const tenKeys = ['1', '2', '3', 'b', '1', '2', '1', 'ArrowLeft', 'ArrowRight', '2'];

/** Every host that Chromium's network stack was asked for. */
async function requestedHosts(netLog: string): Promise<Set<string>> {
  const text = await readFile(netLog, 'utf8');
  const urls = text.matchAll(/"url":"((?:https?|wss?):\/\/[^"]+)"/g);
  return new Set([...urls].map(([, url]) => new URL(url ?? '').hostname));
}

describe('the walk in the window', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let facet: DrivenWindow;
  let pairFile: string;
  let netLog: string;
  const sockets = new Set<string>();
  let looks = 0;
  let watch: NodeJS.Timeout;

  beforeAll(async () => {
    folder = await temporaryFolder();
    pairFile = await walk.writePairFile(folder.path);
    netLog = join(folder.path, 'net.json');
    facet = await launchFacet(join(folder.path, 'user'), {
      switches: [`--log-net-log=${netLog}`],
    });
    if (process.platform === 'linux') {
      watch = setInterval(async () => {
        // On a busy machine the driver now and then loses an answer; the next look comes in half a second.
        const metrics = await facet.app
          .evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
          .catch(() => null);
        if (metrics === null) return;
        looks += 1;
        for (const socket of outsideSockets(metrics)) sockets.add(socket);
      }, 500);
    }
  });
  afterEach(({ task }) => pictureOfFailure(facet, task));
  afterAll(async () => {
    clearInterval(watch);
    await facet.app.close();
    await folder.remove();
  });

  test('the sample opens', async () => {
    await walk.openSample(facet.page);
  });

  test('a file chosen in the system dialog is imported, its bad row listed', async () => {
    await facet.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, pairFile);
    const said = await walk.importFile(facet.page, () =>
      facet.page.getByRole('button', { name: 'Choose files…' }).click(),
    );
    expect(said).toContain('12 pairs imported');
    expect(said).toContain('1 row left out');
  });

  test('ten pairs are labelled by keyboard and one is undone', async () => {
    await walk.labelByKeys(facet.page, tenKeys);
    await walk.undoOne(facet.page, tenKeys.length);
  });

  test('thirty steps are trained, with a pause between', async () => {
    await walk.startRun(facet.page, 30, ['Recipes', 'Weather']);
    await walk.pauseAndResume(facet.page);
    await walk.finishRun(facet.page);
  });

  test('the heat map shows the codes of every prompt', async () => {
    expect(await walk.openCodes(facet.page)).toMatch(/^Weights of [1-9]\d* codes over [1-9]\d* prompts$/);
    await expect.poll(() => walk.heatMapColours(facet.page), { timeout: 20_000 }).toBeGreaterThan(2);
  });

  test('a typed prompt shows its codes', async () => {
    expect(await walk.tryPrompt(facet.page, 'How do I keep basil alive?')).toMatch(/[1-9]\d* tokens?/);
  });

  test('replies are drawn beside their codes, and two of them wait to be labelled', async () => {
    const prompt = 'My kettle arrived broken. What now?';
    await walk.drawReplies(facet.page, prompt);
    // Those in use, eight at most.
    await facet.page.getByText(/^(All|\d+ of) \d+ codes (are )?in use at step/).waitFor();
    const sliders = await facet.page.getByRole('slider', { name: /^Weight of code \d+$/ }).count();
    expect(sliders).toBeGreaterThan(0);
    expect(sliders).toBeLessThanOrEqual(8);
    expect(await walk.keepAndLabel(facet.page)).toContain(prompt);
  });

  test('no error reached the page, no socket left the machine', async () => {
    expect(facet.pageErrors).toEqual([]);
    expect([...sockets]).toEqual([]);
    if (process.platform === 'linux') expect(looks).toBeGreaterThan(5);
  });

  test('the labels are there after a restart, the undone one is not; no host was asked for', async () => {
    const { userDataDir } = facet;
    clearInterval(watch);
    await facet.app.close();
    expect(await requestedHosts(netLog)).toEqual(new Set());
    facet = await launchFacet(userDataDir);
    await facet.page.getByRole('button', { name: /Open the sample/ }).click();
    await facet.page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
    await facet.page.keyboard.press('Alt+1');
    await facet.page.getByRole('button', { name: 'Labelled 9' }).waitFor();
  });
});
