/** Started by screens.mjs: one window, one run, then each screen in each look. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { type DrivenWindow, launchFacet, rootDir, temporaryFolder } from '../tests/helpers/facetWindow.ts';
import * as walk from '../tests/helpers/walk.ts';
import { annotatingProject } from './annotatingProject.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    steps: { type: 'string', default: '150' },
    /** Also dark and narrow, not only what the README shows. */
    all: { type: 'boolean', default: false },
    /** What labelling shows alone: light, dark and narrow. */
    annotating: { type: 'boolean', default: false },
    /** What a run and its codes show alone, in the same looks. */
    exploring: { type: 'boolean', default: false },
  },
});
const images = join(rootDir, 'docs', 'images');
const folderOf = values.annotating ? 'annotating' : values.exploring ? 'exploring' : '.';
const out = resolve(values.out ?? join(images, folderOf));
mkdirSync(out, { recursive: true });

const wide = { width: 1440, height: 900 };
const narrow = { width: 900, height: 700 };
const looks =
  values.annotating || values.exploring
    ? [
        { scheme: 'light' as const, size: wide, name: 'light' },
        { scheme: 'dark' as const, size: wide, name: 'dark' },
        { scheme: 'light' as const, size: narrow, name: 'narrow' },
      ]
    : values.all
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

/** The looks of the Codes screen, each from the one before. */
const exploring: typeof screens = [
  ['train', (page) => page.keyboard.press('Alt+3')],
  ['charts', (page) => page.getByRole('region', { name: 'Chart: Loss' }).scrollIntoViewIfNeeded()],
  ['heat-map', openCodes],
  [
    'clusters',
    (page) => page.getByRole('combobox', { name: 'Rows' }).selectOption({ label: 'rows by cluster' }),
  ],
  [
    'map',
    async (page) => {
      await page.getByText('Map', { exact: true }).click();
      await page.getByRole('application').locator('canvas[data-drawn]').waitFor();
      await page.getByRole('button', { name: 'Contours' }).click();
    },
  ],
  ['table', (page) => page.getByText('Table', { exact: true }).click()],
  ['groups', (page) => page.getByText('Groups', { exact: true }).click()],
  ['timeline', (page) => page.getByText('Timeline', { exact: true }).click()],
  [
    'prompts-that-move',
    async (page) => {
      await page.getByText('Prompts that move', { exact: true }).click();
      await page.getByRole('slider', { name: 'Evaluation' }).waitFor();
    },
  ],
  ['playground', openPlayground],
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
  const suffix = 'name' in look ? `-${look.name}` : values.all ? `-${look.scheme}-${look.size.width}` : '';
  await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
}

const show = (hash: string, wait: (page: Page) => Locator) => async (page: Page) => {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
  await wait(page).first().waitFor();
};
const verdicts = (page: Page) => page.getByRole('toolbar', { name: 'Verdict' });

/** The same of what labelling shows, in a project of its own. */
const annotating: typeof screens = [
  [
    'ranking',
    async (page) => {
      await page.getByRole('toolbar', { name: 'Ranking' }).waitFor();
      for (const key of ['1', '3', '=', '4', 'Enter']) await page.keyboard.press(key);
      await page.getByRole('region', { name: 'How much better' }).waitFor();
      await page.keyboard.press('3');
    },
  ],
  [
    'ranking-aspect',
    async (page) => {
      await page.keyboard.press('Escape');
      for (const key of ['a', '3', '1']) await page.keyboard.press(key);
      await page.getByRole('list', { name: 'Ranking by Helpful so far' }).waitFor();
    },
  ],
  [
    'desk',
    async (page) => {
      for (const key of ['2', 'Enter', '2']) await page.keyboard.press(key);
      await verdicts(page).waitFor();
      await page.keyboard.press('a');
    },
  ],
  ['guidelines', (page) => page.keyboard.press('?')],
  [
    'session',
    async (page) => {
      await page.keyboard.press('y');
      await page.getByRole('dialog', { name: 'Your session' }).waitFor();
    },
  ],
  [
    'single-replies',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Your session' }).waitFor({ state: 'hidden' });
      await show('#/annotate?replies=1', (one) => one.getByRole('toolbar', { name: 'Rating' }))(page);
    },
  ],
  ['disagreements', show('#/annotate?disagreements=1', verdicts)],
  [
    'agreement',
    show('#/library?view=agreement', (page) => page.getByRole('region', { name: 'With themselves' })),
  ],
  [
    'people',
    async (page) => {
      await show('#/settings', (one) => one.getByRole('list', { name: 'People' }))(page);
      await page.getByRole('list', { name: 'People' }).scrollIntoViewIfNeeded();
    },
  ],
];

async function picturesOf(facet: DrivenWindow, some: typeof screens): Promise<void> {
  for (const [name, open] of some) {
    // Each is reached at the wide size: in a narrow window some of the way is folded away.
    await resize(facet, wide);
    await settle(facet.page);
    await open(facet.page);
    for (const look of looks) await take(facet, name, look);
  }
  process.stdout.write(`pictures are in ${out}\n`);
}

const folder = await temporaryFolder();
const project = values.annotating ? join(folder.path, 'house.facet') : null;
if (project !== null) await annotatingProject(folder.path, project);
const facet = await launchFacet(join(folder.path, 'user'), project === null ? {} : { project });
try {
  if (values.annotating) {
    await facet.page.getByRole('banner').waitFor();
    await facet.page.keyboard.press('Alt+2');
    await walk.sayName(facet.page, 'Ada');
    await picturesOf(facet, annotating);
  } else await everyScreen();
} finally {
  await facet.app.close();
  await folder.remove();
}

async function everyScreen(): Promise<void> {
  await facet.page.getByRole('button', { name: /Open the sample/ }).waitFor();
  if (!values.exploring) for (const look of looks) await take(facet, 'start', look);
  await walk.openSample(facet.page);
  await walk.labelByKeys(facet.page, ['1', '2', '2', '3', '1', '2', '1', 'b', '2', '1']);
  await walk.startRun(facet.page, Number(values.steps));
  await walk.finishRun(facet.page);
  await closeNotices(facet.page);
  await picturesOf(facet, values.exploring ? exploring : screens);
}
