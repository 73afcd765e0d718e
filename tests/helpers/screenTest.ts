/**
 * Screens as they are built, in a real browser under the real policy of the page, over the real services: each test has
 * a project of its own; the browser is started once. Only the compute process is played.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { startServer } from '#main/serve/server.ts';
import { FakeCompute } from '#main/services/fakeCompute.ts';
import { importAll, openFacet } from '#main/testFacet.ts';
import { type DrivenWindow, launchBrowser, rootDir, temporaryFolder } from './facetWindow.ts';
import { sayName } from './walk.ts';

let browser: Promise<DrivenWindow> | null = null;

/** Of one test file; closed with it. */
function openBrowser(): Promise<DrivenWindow> {
  browser ??= temporaryFolder().then(({ path }) => launchBrowser('about:blank', path));
  return browser;
}

/** Call once in each file. */
export function closeBrowserAfterAll(): void {
  afterAll(async () => {
    const open = await browser;
    browser = null;
    await open?.app.close();
  });
}

export interface StoredRow {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly source?: string;
}

export const numberedRows = (count: number): StoredRow[] =>
  Array.from({ length: count }, (_, index) => ({
    prompt: `How do I water plant ${index + 1}?`,
    chosen: `Plant ${index + 1} wants a glass a week.`,
    rejected: `Pour something on plant ${index + 1}.`,
  }));

export interface OpenScreen {
  readonly page: Page;
  readonly facet: Awaited<ReturnType<typeof openFacet>>['facet'];
  readonly compute: FakeCompute;
  /** The project's folder. */
  readonly folder: string;
  readonly url: string;
}

const leave = (page: Page): Promise<boolean> =>
  page.goto('about:blank').then(
    () => true,
    () => false,
  );

async function picture(page: Page, name: string): Promise<void> {
  const results = join(rootDir, 'test-results');
  mkdirSync(results, { recursive: true });
  await page.screenshot({ path: join(results, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`) });
}

/** A project of these rows with its page at `place`, `#/annotate` say. */
export async function openScreen(rows: readonly object[], place: string): Promise<OpenScreen> {
  const compute = new FakeCompute();
  const { facet, folder } = await openFacet({ compute, resourcesDir: join(rootDir, 'resources') });
  if (rows.length > 0) {
    const file = join(folder, 'plants.jsonl');
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await importAll(facet, file);
  }
  const server = await startServer({
    facet,
    rendererDir: join(rootDir, 'out', 'renderer'),
    port: 0,
    log: () => undefined,
  });
  const { page } = await openBrowser();
  page.setDefaultTimeout(15_000);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, task.name);
    // A page that still saves refuses to go.
    await expect.poll(() => leave(page)).toBe(true);
    await server.close();
  });
  await page.goto(server.url);
  await page.getByRole('banner').waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
  await sayName(page, 'Ada');
  await page.getByRole('button', { name: 'Ada' }).waitFor();
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, place);
  const screen = /^#\/([a-z]+)/.exec(place)?.[1] ?? '';
  await page.getByRole('main', { name: new RegExp(`^${screen}$`, 'i') }).waitFor();
  return { page, facet, compute, folder, url: server.url };
}
