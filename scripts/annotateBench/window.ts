/** From a key to the next pair on screen, in the real window. */
import type { Page } from 'playwright-core';
import { quantile } from '../../src/core/statistics.ts';
import { launchFacet } from '../../tests/helpers/facetWindow.ts';
import { sayName } from '../../tests/helpers/walk.ts';

const KEYS = 200;

interface Measuring {
  facetKeyTimes: number[];
}

/** Notes for each key how long it takes until a frame with another pair has been painted. */
function measureKeys(page: Page): Promise<void> {
  return page.evaluate(() => {
    const times: number[] = [];
    (window as unknown as Measuring).facetKeyTimes = times;
    const shown = () => document.querySelector('[role="region"][aria-label="Prompt"]')?.textContent;
    window.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const before = shown();
        const look = () =>
          requestAnimationFrame(() => {
            if (shown() === before) return look();
            // The task after a frame's callbacks runs when the frame has been painted.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => times.push(performance.now() - timeStamp);
            port2.postMessage(null);
          });
        look();
      },
      true,
    );
  });
}

export interface WindowFigures {
  /** Null where no key was measured. */
  readonly keyToPaintP95Ms: number;
  readonly keyToPaintMedianMs: number;
}

export async function benchWindow(folder: string, path: string): Promise<WindowFigures> {
  const { app, page } = await launchFacet(`${folder}/window`, { project: path });
  try {
    await page.getByRole('banner').waitFor({ timeout: 120_000 });
    await page.keyboard.press('Alt+2');
    await sayName(page, 'Window');
    await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
    await measureKeys(page);
    const measured = () => page.evaluate(() => (window as unknown as Measuring).facetKeyTimes.length);
    for (let pressed = 1; pressed <= KEYS; pressed += 1) {
      await page.keyboard.press(pressed % 2 === 0 ? '1' : '2');
      while ((await measured()) < pressed) await page.waitForTimeout(5);
      // A person looks at a pair first; what a verdict leaves to do is done meanwhile.
      await page.waitForTimeout(100);
    }
    const times = await page.evaluate(() => (window as unknown as Measuring).facetKeyTimes);
    const at = (share: number) => Number(quantile(times, share).toFixed(1));
    return { keyToPaintP95Ms: at(0.95), keyToPaintMedianMs: at(0.5) };
  } finally {
    await app.close();
  }
}
