/** The desk in the real window for those who need large text, or no movement. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;

beforeAll(async () => {
  folder = await temporaryFolder();
  facet = await launchFacet(`${folder.path}/user`);
  await walk.openSample(facet.page);
});
afterEach(({ task }) => pictureOfFailure(facet, task));
afterAll(async () => {
  await facet.app.close();
  await folder.remove();
});

/** Names of controls of the page that cannot be brought wholly into view, or lie under something else there. */
const unreachable = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('button, input, [role="button"], [tabindex="0"]'),
    ];
    const lost: string[] = [];
    for (const control of controls) {
      const style = getComputedStyle(control);
      if (control.closest('.visually-hidden, [aria-hidden="true"]') || style.visibility === 'hidden')
        continue;
      // It comes into view with the focus.
      if (control.textContent === 'Skip to the screen') continue;
      if (control.getClientRects().length === 0 || style.clipPath !== 'none') continue;
      control.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      const box = control.getBoundingClientRect();
      const isPanel = box.height > 60;
      const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2];
      const top = document.elementFromPoint(x, y);
      const isSeen = top !== null && (control.contains(top) || top.contains(control));
      const isWhole =
        box.left >= -1 &&
        box.right <= window.innerWidth + 1 &&
        (isPanel || (box.top >= -1 && box.bottom <= window.innerHeight + 1));
      if (!isSeen || !isWhole)
        lost.push(
          `${control.getAttribute('aria-label') ?? control.textContent?.trim() ?? control.tagName} ${JSON.stringify(box)}`,
        );
    }
    return lost;
  });

test('at 200 % of a window of 1280 × 800 every control of the desk can be reached, with each pane', async () => {
  const { app, page } = facet;
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setContentSize(1280, 800);
    window?.webContents.setZoomFactor(2);
  });
  await expect
    .poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight]), { timeout: 15_000 })
    .toEqual([640, 400]);
  // The pane makes room once the window is known to be narrow.
  await page.getByRole('complementary', { name: 'History' }).waitFor({ state: 'hidden' });
  expect(await unreachable(page)).toEqual([]);
  await page.keyboard.press('?');
  await page.getByRole('complementary', { name: 'Guidelines' }).waitFor();
  await page
    .getByRole('complementary', { name: 'Guidelines' })
    .getByRole('button', { name: 'Edit' })
    .waitFor();
  // What stands under the open pane is reached once it is closed, by the button that is not under it.
  await page.getByRole('button', { name: /^Guidelines/ }).click();
  await page.getByRole('complementary', { name: 'Guidelines' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('1');
  await page.getByText('1 in this session').waitFor();
  expect(await unreachable(page)).toEqual([]);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(1));
});

test('nothing of the desk moves for those who asked for no movement', async () => {
  const { page } = facet;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moving = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) => {
          const { transitionDuration, transitionProperty, animationName, animationDuration } =
            getComputedStyle(element);
          const lasts = (times: string) => times.split(',').some((time) => Number.parseFloat(time) > 0.001);
          return (
            (transitionProperty !== 'none' && lasts(transitionDuration)) ||
            (animationName !== 'none' && lasts(animationDuration))
          );
        })
        .map((element) => `${element.tagName} ${element.className}`),
    );
  const running = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  expect(await moving()).toEqual([]);
  await page.keyboard.press('2');
  expect(await running()).toBe(0);
  await page.keyboard.press('y');
  await page.getByRole('dialog', { name: 'Your session' }).waitFor();
  expect(await running()).toBe(0);
  expect(await moving()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.emulateMedia({ reducedMotion: null });
});
