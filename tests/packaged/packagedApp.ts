/** The packaged app as a person starts it: its fuses let no debugger in, so it is driven through Chromium's own port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { switches } from '../helpers/facetWindow.ts';

const START_MS = 60_000;
const LOOK_EVERY_MS = 50;
const HANDSHAKE_MS = 25_000;
const ATTEMPTS = 3;

export interface PackagedApp {
  readonly page: Page;
  /** From the start of the process to the first content that is drawn, by the page's own clock: the driver's handshake may take long. */
  readonly firstWindowMs: number;
  /** What it wrote to its standard error. */
  readonly said: () => string;
  close(): Promise<void>;
}

function packagedFolder(): string {
  const folder = process.env.FACET_PACKAGED;
  if (folder) return folder;
  throw new Error('These tests need a package: start them by `npm run package`.');
}

const executable = (): string => {
  const names = { linux: 'facet', win32: 'Facet.exe', darwin: 'Facet.app/Contents/MacOS/Facet' } as const;
  return join(packagedFolder(), names[process.platform as keyof typeof names]);
};

/** On a busy machine the driver's handshake now and then stalls; another one does not. */
async function handshake(address: string): Promise<Browser> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await chromium.connectOverCDP(address, { timeout: HANDSHAKE_MS });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function connect(child: ChildProcess, userDataDir: string, startedAt: number): Promise<Browser> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the app ended with code ${child.exitCode}`);
    if (performance.now() - startedAt > START_MS) throw new Error('the app opened no port');
    // Chromium writes the port that it took beside its profile.
    const port = await readFile(join(userDataDir, 'DevToolsActivePort'), 'utf8').catch(() => null);
    if (port !== null) return handshake(`http://127.0.0.1:${port.split('\n')[0]}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export async function startPackaged(userDataDir: string, args: readonly string[] = []): Promise<PackagedApp> {
  const [startedAt, startedOn] = [performance.now(), Date.now()];
  const child = spawn(executable(), [...switches, '--remote-debugging-port=0', ...args], {
    env: { ...process.env, FACET_USER_DATA: userDataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  const browser = await connect(child, userDataDir, startedAt);
  const page = browser.contexts()[0]?.pages()[0] ?? (await browser.contexts()[0]?.waitForEvent('page'));
  if (!page) throw new Error('the app opened no window');
  await page.getByRole('button').first().waitFor();
  page.setDefaultTimeout(60_000);
  // Drawn a moment after the button is in the page.
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const drawnOn = await page.evaluate(() => {
    const [drawn] = performance.getEntriesByName('first-contentful-paint');
    return performance.timeOrigin + (drawn?.startTime ?? Number.NaN);
  });
  return {
    page,
    firstWindowMs: drawnOn - startedOn,
    said: () => said,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A file that comes with it, beside the program or among its resources. */
export const packagedFile = (name: string): Promise<Buffer> =>
  readFile(join(packagedFolder(), name)).catch(() =>
    readFile(
      join(
        packagedFolder(),
        process.platform === 'darwin' ? 'Facet.app/Contents/Resources' : 'resources',
        name,
      ),
    ),
  );

/** The shell's command of an installed Facet. */
export async function packagedShell(args: readonly string[]): Promise<{ code: number; out: string }> {
  const child = spawn(join(packagedFolder(), 'bin', 'facet'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      out += chunk;
    });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out };
}
