/** Started by screens.mjs: one window, one run, then each screen in each look. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type DrivenWindow, launchFacet, rootDir, temporaryFolder } from '../tests/helpers/facetWindow.ts';
import * as walk from '../tests/helpers/walk.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(rootDir, 'docs', 'images') },
    steps: { type: 'string', default: '150' },
    /** Also dark and narrow, not only what the README shows. */
    all: { type: 'boolean', default: false },
  },
});
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const wide = { width: 1440, height: 900 };
const narrow = { width: 900, height: 700 };
const looks = values.all
  ? (['light', 'dark'] as const).flatMap((scheme) => [wide, narrow].map((size) => ({ scheme, size })))
  : [{ scheme: 'light' as const, size: wide }];

const settle = (page: Page) => page.waitForTimeout(700);

async function openForm(page: Page): Promise<void> {
  await page.keyboard.press('Alt+3');
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  // The estimate measures a step of the chosen settings.
  await page.getByText(/^Peak memory/).waitFor({ timeout: 120_000 });
}

async function openCodes(page: Page): Promise<void> {
  await page.keyboard.press('Alt+4');
  await walk.tryPrompt(page, 'My parcel is late and I need it by Friday');
}

async function openPlayground(page: Page): Promise<void> {
  await walk.drawReplies(page, 'My parcel is late and I need it by Friday', 0.9);
  await page.getByRole('heading', { name: 'Aligned' }).click();
}

async function openTokens(page: Page): Promise<void> {
  await page.keyboard.press('Alt+1');
  await page.getByRole('grid', { name: 'Pairs' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Annotate this/ }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('listbox', { name: 'Tokens of Prompt' }).waitFor();
}

const closeDialog = (page: Page) => page.keyboard.press('Escape');

async function openNewPairs(page: Page): Promise<void> {
  await closeDialog(page);
  await page.keyboard.press('Alt+1');
  await page.getByRole('button', { name: /^New from a model/ }).click();
  await page.getByText('How the replies differ').waitFor();
}

async function openSettings(page: Page): Promise<void> {
  await closeDialog(page);
  await page.keyboard.press('Alt+6');
  await page.getByRole('list', { name: 'Engines here' }).waitFor();
}

async function closeNotices(page: Page): Promise<void> {
  const close = page.locator('.mantine-Notification-closeButton');
  while ((await close.count()) > 0) {
    await close.first().click();
    await settle(page);
  }
}

/** Name and way to each screen, in the order they are visited. */
const screens: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['library', (page) => page.keyboard.press('Alt+1')],
  ['annotate', (page) => page.keyboard.press('Alt+2')],
  ['train', (page) => page.keyboard.press('Alt+3')],
  ['train-form', openForm],
  ['codes', openCodes],
  ['playground', openPlayground],
  ['tokens', openTokens],
  ['new-pairs', openNewPairs],
  ['settings', openSettings],
];

const resize = ({ app }: DrivenWindow, size: typeof wide) =>
  app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);

async function take(facet: DrivenWindow, name: string, look: (typeof looks)[number]): Promise<void> {
  const { page } = facet;
  await resize(facet, look.size);
  await page.emulateMedia({ colorScheme: look.scheme });
  await settle(page);
  const suffix = values.all ? `-${look.scheme}-${look.size.width}` : '';
  await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
}

const folder = await temporaryFolder();
const facet = await launchFacet(join(folder.path, 'user'));
try {
  await facet.page.getByRole('button', { name: /Open the sample/ }).waitFor();
  for (const look of looks) await take(facet, 'start', look);
  await walk.openSample(facet.page);
  await walk.labelByKeys(facet.page, ['1', '2', '2', '3', '1', '2', '1', 'b', '2', '1']);
  await walk.startRun(facet.page, Number(values.steps));
  await walk.finishRun(facet.page);
  await closeNotices(facet.page);
  for (const [name, open] of screens) {
    // Each is reached at the wide size: in a narrow window some of the way is folded away.
    await resize(facet, wide);
    await settle(facet.page);
    await open(facet.page);
    for (const look of looks) await take(facet, name, look);
  }
  process.stdout.write(`pictures are in ${out}\n`);
} finally {
  await facet.app.close();
  await folder.remove();
}
