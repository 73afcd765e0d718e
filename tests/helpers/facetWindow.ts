/** The real app, driven on a screen: started in a user-data folder of its own, ended with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

export const rootDir = resolve(import.meta.dirname, '..', '..');

function electronPath(): string {
  const path = process.env.FACET_ELECTRON_PATH;
  if (path) return path;
  throw new Error('These tests need Electron and a screen: start them by `npm test -- tests/e2e`.');
}

/** The screen of this worker; workers are numbered from one. */
function ownScreen(): { DISPLAY?: string } {
  const displays = process.env.FACET_DISPLAYS?.split(' ') ?? [];
  const display = displays[Number(process.env.VITEST_POOL_ID ?? 1) - 1];
  return display === undefined ? {} : { DISPLAY: display };
}

/** Chromium's software renderer, and without its sandbox where the tests run as root. */
export const switches = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // Else what is pressed between a page's loading and its first frame is dropped, which no hand is quick enough for.
  '--allow-pre-commit-input',
];

export interface DrivenWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userDataDir: string;
  /** Lines of the page's console that are errors, and exceptions nobody caught. */
  readonly pageErrors: readonly string[];
}

/** On a busy machine the driver's handshake with a new Chromium now and then stalls; another start is not. */
const launchTimeoutMs = 25_000;
const launchAttempts = 3;

async function start(args: readonly string[], userDataDir: string) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const app = await _electron.launch({
        executablePath: electronPath(),
        args: [...switches, ...args],
        cwd: rootDir,
        env: { ...(process.env as Record<string, string>), ...ownScreen(), FACET_USER_DATA: userDataDir },
        timeout: launchTimeoutMs,
      });
      return { app, page: await app.firstWindow({ timeout: launchTimeoutMs }) };
    } catch (error) {
      if (attempt === launchAttempts) throw error;
    }
  }
}

async function launch(args: readonly string[], userDataDir: string): Promise<DrivenWindow> {
  const { app, page } = await start(args, userDataDir);
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
  page.setDefaultTimeout(30_000);
  return { app, page, userDataDir, pageErrors };
}

interface Start {
  /** Of Chromium. */
  readonly switches?: readonly string[];
  /** A project file that it is asked to open. */
  readonly project?: string;
}

/** The app as a person starts it. */
export const launchFacet = (userDataDir: string, start: Start = {}): Promise<DrivenWindow> =>
  launch([...(start.switches ?? []), rootDir, ...(start.project ? [start.project] : [])], userDataDir);

/** An ordinary web page in a bare Chromium window, with nothing of Facet's own in it. */
export const launchBrowser = (url: string, userDataDir: string): Promise<DrivenWindow> =>
  launch([join(rootDir, 'tests', 'helpers', 'browserWindow.cjs'), url], userDataDir);

/** What was on screen when a test failed, in `test-results/`. */
export async function pictureOfFailure(
  { page }: DrivenWindow,
  task: { readonly name: string; readonly result?: { readonly state: string } | undefined },
): Promise<void> {
  if (task.result?.state !== 'fail' || page.isClosed()) return;
  const name = task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 80);
  await page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'facet-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
