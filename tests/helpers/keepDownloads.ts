import type { Page } from 'playwright-core';

/** From now on, what the page hands to the browser in place of a download: texts by file name. */
export async function keepDownloads(page: Page): Promise<() => Promise<Record<string, string>>> {
  await page.evaluate(() => {
    const kept: Record<string, Blob> = {};
    let last: Blob | null = null;
    URL.createObjectURL = (object) => {
      last = object as Blob;
      return 'blob:kept';
    };
    HTMLAnchorElement.prototype.click = function keep(this: HTMLAnchorElement) {
      if (last) kept[this.download] = last;
    };
    Object.assign(window, { kept });
  });
  return () =>
    page.evaluate(async () => {
      const { kept } = window as unknown as { kept: Record<string, Blob> };
      const texts = Object.entries(kept).map(async ([name, blob]) => [name, await blob.text()] as const);
      return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
    });
}
