/** From a key or a click to the frame that shows what it asked for. */
import type { Page } from 'playwright-core';

/** What tells that something is shown: an attribute of the first element found. */
export interface Shown {
  readonly selector: string;
  readonly attribute: string;
  /** It is there by this value; without one, by another than before. */
  readonly value?: string;
}

interface Measuring {
  facetPainted: number | null;
}

const LOOK_MS = 5;
/** What hasn't been shown by then never will be. */
const DEADLINE_MS = 120_000;

/** Milliseconds from the next event of this kind to the paint after `shown`. */
export async function paintedAfter(
  page: Page,
  event: 'keydown' | 'pointerup' | 'click' | 'change',
  shown: Shown,
  act: () => Promise<unknown>,
): Promise<number> {
  await page.evaluate(
    ({ event: kind, shown: { selector, attribute, value } }) => {
      const measuring = window as unknown as Measuring;
      measuring.facetPainted = null;
      const read = () => document.querySelector(selector)?.getAttribute(attribute) ?? null;
      const before = read();
      const isThere = () => (value === undefined ? read() !== before && read() !== null : read() === value);
      window.addEventListener(
        kind,
        ({ timeStamp }) => {
          const look = () =>
            requestAnimationFrame(() => {
              if (!isThere()) return look();
              // The task after a frame's callbacks runs when the frame has been painted.
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => {
                measuring.facetPainted = performance.now() - timeStamp;
              };
              port2.postMessage(null);
            });
          look();
        },
        { capture: true, once: true },
      );
    },
    { event, shown },
  );
  await act();
  const latest = performance.now() + DEADLINE_MS;
  while (performance.now() < latest) {
    const taken = await page.evaluate(() => (window as unknown as Measuring).facetPainted);
    if (taken !== null) return taken;
    await page.waitForTimeout(LOOK_MS);
  }
  throw new Error(`${shown.selector} showed nothing by ${shown.attribute} within ${DEADLINE_MS / 1000} s`);
}
