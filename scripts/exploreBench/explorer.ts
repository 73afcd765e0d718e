/** The Codes screen over many prompts: its heat map, pages of codes and the map, from a hand's move to the frame. */
import type { Page } from 'playwright-core';
import { median, quantile } from '../../src/core/statistics.ts';
import { paintedAfter } from './painted.ts';

const HEAT = '[aria-label^="Weights of"] canvas';
const MAP = '[role="application"] canvas';
const HEAT_ROUNDS = 4;
const CODE_PAGES = 24;
const LASSOS = 5;
const LONG_MS = 1_800_000;

export interface ExplorerFigures {
  /** From a key to other lines of the heat map being painted. */
  readonly heatWindowP95Ms: number;
  /** From a click on a code to its page, figures included. */
  readonly codePageP95Ms: number;
  /** From choosing the map, whose picture is kept, to its points. */
  readonly mapFirstFrameMs: number;
  /** Laying all prompts out by PCA, once. */
  readonly mapLayOutSeconds: number;
  /** From letting go to the points within standing out; the median. */
  readonly lassoMs: number;
  /** From letting go to how many pairs they have. */
  readonly lassoPairsMs: number;
  /** From Cancel to UMAP being out of the list of jobs. */
  readonly cancelMs: number;
}

const rounded = (value: number): number => Number(value.toFixed(1));

async function heatWindows(page: Page): Promise<number[]> {
  const shown = { selector: HEAT, attribute: 'data-drawn' };
  await page.getByRole('slider', { name: /^Weights of/ }).focus();
  const times: number[] = [];
  // Closer and back, never so near or so far that a key moves nothing.
  for (const key of '+++++-----'.repeat(HEAT_ROUNDS))
    times.push(await paintedAfter(page, 'keydown', shown, () => page.keyboard.press(key)));
  return times;
}

async function codePages(page: Page): Promise<number[]> {
  const list = page.getByRole('region', { name: 'Use of the codes' }).getByRole('listitem');
  const times: number[] = [];
  for (let at = 1; at <= Math.min(CODE_PAGES, (await list.count()) - 1); at += 1) {
    const button = list.nth(at).getByRole('button');
    const name = await list.nth(at).getByRole('checkbox').getAttribute('aria-label');
    const code = name?.replace('Choose code ', '') ?? '';
    const shown = { selector: `[data-code-page="${code}"]`, attribute: 'data-code-page', value: code };
    times.push(await paintedAfter(page, 'click', shown, () => button.click()));
  }
  return times;
}

async function drawLasso(page: Page, share: number): Promise<void> {
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('the map is not on screen');
  const radius = share * Math.min(box.width, box.height);
  const at = (corner: number) => {
    const angle = (2 * Math.PI * corner) / 60;
    return [
      box.x + box.width / 2 + radius * Math.cos(angle),
      box.y + box.height / 2 + radius * Math.sin(angle),
    ] as const;
  };
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let corner = 1; corner < 60; corner += 1) await page.mouse.move(...at(corner));
}

async function lassos(page: Page): Promise<{ painted: number[]; counted: number[] }> {
  const painted: number[] = [];
  const counted: number[] = [];
  for (let turn = 0; turn < LASSOS; turn += 1) {
    await drawLasso(page, 0.12 + 0.03 * turn);
    const shown = { selector: MAP, attribute: 'data-chosen', value: 'some' };
    const began = performance.now();
    painted.push(await paintedAfter(page, 'pointerup', shown, () => page.mouse.up()));
    // Of very many, how many can be chosen at once follows.
    await page.getByText(/^[\d,]+ pairs? of [\d,]+ prompts?(;|$)/).waitFor({ timeout: LONG_MS });
    counted.push(performance.now() - began);
    await page.keyboard.press('Escape');
    await page.locator(`${MAP}[data-chosen="none"]`).waitFor();
  }
  return { painted, counted };
}

async function cancelled(page: Page): Promise<number> {
  await page.getByText('UMAP', { exact: true }).click();
  await page.getByRole('button', { name: 'Lay out' }).click();
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
  // Past reading and the plane, in the midst of the neighbours.
  await page.getByText(/Laying prompts out by UMAP… ([6-9]|[1-9]\d) %/).waitFor({ timeout: LONG_MS });
  const began = performance.now();
  await cancel.click();
  await page.getByRole('button', { name: 'No jobs' }).waitFor({ timeout: LONG_MS });
  return performance.now() - began;
}

/** Of the run whose codes the project has. */
export async function benchExplorer(page: Page, note: (line: string) => void): Promise<ExplorerFigures> {
  await page.keyboard.press('Alt+4');
  await page.locator(`${HEAT}[data-drawn]`).first().waitFor({ timeout: LONG_MS });
  note('windows of the heat map');
  const heat = await heatWindows(page);
  note('pages of codes');
  const pages = await codePages(page);
  note('laying the prompts out');
  const began = performance.now();
  await page.getByText('Map', { exact: true }).click();
  await page.locator(`${MAP}[data-drawn]`).waitFor({ timeout: LONG_MS });
  const mapLayOutSeconds = (performance.now() - began) / 1000;
  await page.reload();
  await page.locator(`${HEAT}[data-drawn]`).first().waitFor({ timeout: LONG_MS });
  note('the first frame of the map');
  const map = { selector: MAP, attribute: 'data-drawn' };
  const mapFirstFrameMs = await paintedAfter(page, 'click', map, () =>
    page.getByText('Map', { exact: true }).click(),
  );
  note('lassos');
  const { painted, counted } = await lassos(page);
  note('cancelling UMAP');
  const cancelMs = await cancelled(page);
  return {
    heatWindowP95Ms: rounded(quantile(heat, 0.95)),
    codePageP95Ms: rounded(quantile(pages, 0.95)),
    mapFirstFrameMs: rounded(mapFirstFrameMs),
    mapLayOutSeconds: rounded(mapLayOutSeconds),
    lassoMs: rounded(median(painted)),
    lassoPairsMs: rounded(median(counted)),
    cancelMs: rounded(cancelMs),
  };
}
