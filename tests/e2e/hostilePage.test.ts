/** What a page could do if a stored text had become its script: each way out is tried in the real window. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type DrivenWindow,
  launchFacet,
  pictureOfFailure,
  rootDir,
  temporaryFolder,
} from '../helpers/facetWindow.ts';
import * as hostile from '../helpers/hostileScripts.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;
let start: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  facet = await launchFacet(join(folder.path, 'user'));
  await firstButton().waitFor();
  start = facet.page.url();
});
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
  await folder.remove();
});

const firstButton = () => facet.page.getByRole('button', { name: /Open the sample/ });

/** The page is where it was, alone, and works. */
async function expectUnmoved(): Promise<void> {
  expect(facet.page.url()).toBe(start);
  expect(facet.app.windows()).toHaveLength(1);
  expect(await facet.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
  expect(await firstButton().isVisible()).toBe(true);
}

test('it runs in the sandbox, apart from the preload, and has no Node', async () => {
  const preferences = await facet.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return (contents as unknown as { getLastWebPreferences(): object } | undefined)?.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
    ...{ webSecurity: true, nodeIntegrationInSubFrames: false },
  });
  const reach = await facet.page.evaluate(hostile.reachOut);
  expect(reach).toEqual({ process: 'undefined', node: [], bridge: ['host', 'pathForFile'], isSame: true });
});

test('its policy lets no other code run and nothing of elsewhere be asked for', async () => {
  const tried = await facet.page.evaluate(hostile.runOther);
  expect(tried.ran).toEqual([]);
  expect(tried.asked).toEqual({ fetched: true, file: true, beacon: true, socket: true, above: true });
  expect(tried.base).toBe(start);
  expect(tried.blocked).toEqual(
    expect.arrayContaining([
      ...['base-uri', 'connect-src', 'form-action', 'frame-src', 'img-src', 'media-src', 'object-src'],
      ...['script-src', 'script-src-attr', 'script-src-elem', 'style-src-elem'],
    ]),
  );
  await expectUnmoved();
});

test('it leaves for no other address', async () => {
  await facet.app.evaluate(({ webContents }) => {
    const seen: [string, boolean][] = [];
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    for (const contents of webContents.getAllWebContents())
      contents.on('will-frame-navigate', (event) => seen.push([event.url, event.defaultPrevented]));
  });
  const seen = () => facet.app.evaluate(() => (globalThis as unknown as { seen: [string, boolean][] }).seen);
  for (const address of [
    'https://example.com/',
    'http://127.0.0.1:9/',
    'facet://elsewhere/',
    'mailto:a@b.c',
  ]) {
    await facet.page.evaluate((to) => {
      window.location.href = to;
    }, address);
    await expect.poll(seen).toContainEqual([address, true]);
  }
  // These Chromium refuses by itself.
  await facet.page.evaluate(() => {
    for (const address of ['file:///etc/passwd', 'data:text/html,<p>out</p>', 'chrome://gpu'])
      try {
        window.location.href = address;
      } catch {
        // Refused with an error, or silently.
      }
  });
  await facet.page.evaluate(() => {
    window.location.href = 'https://example.com/last';
  });
  await expect.poll(seen).toContainEqual(['https://example.com/last', true]);
  expect((await seen()).filter(([, isPrevented]) => !isPrevented)).toEqual([]);
  await expectUnmoved();
});

test('it opens no window, tab or view', async () => {
  const opened = await facet.page.evaluate(hostile.openOther);
  expect(opened).toEqual({ windows: [false, false, false, false], isPlain: true });
  await expectUnmoved();
});

test('it gets no permission and no device', async () => {
  const got = await facet.page.evaluate(hostile.askForRights);
  expect(got.states.filter(([, state]) => state !== 'denied')).toEqual([]);
  expect(got.notifications).toBe('denied');
  expect(Object.entries(got.requests).filter(([, isRefused]) => !isRefused)).toEqual([]);
  await expectUnmoved();
});

test('main answers its own page alone, whoever else has the preload', async () => {
  const { app, page } = facet;
  // A call as the page itself makes it.
  const call = await page.evaluate(hostile.callOfPage);
  const answerTo = (target: typeof page) =>
    target.evaluate(
      (message) =>
        new Promise<string>((resolve) => {
          window.addEventListener('message', ({ data, ports: [port] }) => {
            if (data !== 'facet:port' || port === undefined) return;
            port.onmessage = () => resolve('answered');
            port.postMessage(message);
            setTimeout(() => resolve('silence'), 2000);
          });
          window.postMessage('facet:connect', '*');
        }),
      call,
    );
  expect(await answerTo(page)).toBe('answered');
  const opening = app.waitForEvent('window');
  await app.evaluate(
    ({ BrowserWindow }, preload) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      void window.loadURL('facet://elsewhere/');
    },
    join(rootDir, 'out', 'preload', 'index.cjs'),
  );
  const other = await opening;
  await other.waitForURL('facet://elsewhere/');
  expect(await answerTo(other)).toBe('silence');
  await other.close();
});
