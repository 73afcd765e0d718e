/** The sample, from opening it to its codes, in the app as it is installed; then what an installed app does beside. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';
import { type PackagedApp, packagedFile, packagedShell, startPackaged } from './packagedApp.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: PackagedApp;
const user = () => join(folder.path, 'user');
const started: number[] = [];

async function start(args: readonly string[] = []): Promise<void> {
  await rm(join(user(), 'DevToolsActivePort'), { force: true });
  app = await startPackaged(user(), args);
  started.push(app.firstWindowMs);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await start();
});
afterAll(async () => {
  await app.close();
  await folder.remove();
  const seconds = started.map((ms) => (ms / 1000).toFixed(2));
  process.stdout.write(`first window after ${seconds.join(', ')} s: the first start is cold\n`);
});

test('the sample opens, pairs are labelled by keys', async () => {
  await walk.openSample(app.page);
  await walk.labelByKeys(app.page, ['1', '2', '1']);
});

test('a run trains, and its codes are there', async () => {
  await walk.startRun(app.page, 10);
  await walk.finishRun(app.page);
  expect(await walk.openCodes(app.page)).toMatch(/^Weights of [1-9]\d* codes over [1-9]\d* prompts$/);
});

test('its licences are there: of the packages in a list, of Electron and Chromium as files', async () => {
  await app.page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  const about = app.page.getByRole('region', { name: 'About' });
  await about.getByText(/^ONNX Runtime \d/).waitFor();
  await about.getByRole('button', { name: 'Licences…' }).click();
  await app.page
    .getByRole('status')
    .filter({ hasText: /^\d+ packages$/ })
    .waitFor();
  await app.page.keyboard.press('Escape');
  for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
    expect((await packagedFile(name)).length).toBeGreaterThan(1000);
});

test('the labels are there after a restart', async () => {
  await app.close();
  await start();
  await app.page.getByRole('button', { name: /Open the sample/ }).click();
  await app.page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await app.page.keyboard.press('Alt+1');
  await app.page.getByRole('button', { name: 'Labelled 3' }).waitFor();
  expect(app.said()).not.toMatch(/Uncaught|ENOENT|Cannot find/);
});

test('a project that is named opens at once, and the shell reads files without Node', async () => {
  await app.close();
  const project = join(folder.path, 'my pairs.facet');
  const pairs = await walk.writePairFile(folder.path);
  const added = await packagedShell(['import', pairs, '--project', project, '--json']);
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining('"added":12') });
  const bad = join(folder.path, 'bad.jsonl');
  await writeFile(bad, '{"prompt": 1}\n');
  expect(await packagedShell(['import', bad, '--project', project])).toMatchObject({ code: 1 });
  await start([project]);
  await app.page.getByText('my pairs').first().waitFor();
});
