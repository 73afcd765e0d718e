/** The Library of the real window, driven and read: its table by the numbers of the pairs, which stand in its first column. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { MADE, type MadePair, SAID } from './libraryProject.ts';

/** What people said that stands, skips left out. */
export const said = SAID.filter(({ verdict }) => verdict !== 'skip');
export const decided = new Set(said.map(({ pairId }) => pairId));
/** Which of a pair's replies somebody prefers: the file's first one or its second. */
export const toFile = { first: 'a', second: 'b' } as const;
export const where = (test: (pair: MadePair) => boolean): number[] => MADE.filter(test).map(({ id }) => id);
export const ALL = where(() => true);
/** As Intl.Segmenter and a reader count them. */
export const characters = (text: string) => [...text].length;
/** As it is read, line by line. */
// biome-ignore lint/performance/useDomNodeTextContent: lines and capitals are what is asked for.
export const textOf = (part: Locator) => part.evaluate((element) => (element as HTMLElement).innerText);

export function libraryWalk(page: () => Page) {
  const grid = () => page().getByRole('grid', { name: 'Pairs' });
  const dialog = (name: string) => page().getByRole('dialog', { name });
  /** In the order of the table. */
  const shown = () =>
    grid()
      .locator('tr[data-position]')
      .evaluateAll((rows) => rows.map((row) => Number(row.querySelectorAll('td')[1]?.textContent)));
  const opened = async (key: string, name: string): Promise<Locator> => {
    await page().keyboard.press(key);
    await dialog(name).waitFor();
    return dialog(name);
  };
  const closed = async (name: string): Promise<void> => {
    // A list that takes several choices stays open; Escape leaves it first.
    const list = page().locator('[role="listbox"]:visible');
    if ((await list.count()) > 0) {
      await page().keyboard.press('Escape');
      await list.waitFor({ state: 'hidden' });
    }
    await page().keyboard.press('Escape');
    await dialog(name).waitFor({ state: 'detached' });
  };
  return {
    grid,
    dialog,
    opened,
    closed,
    shows: (ids: readonly number[], message: string) =>
      expect.poll(shown, { message, timeout: 15_000 }).toEqual(ids),
    async chooseColumns(names: readonly string[]): Promise<void> {
      await grid().focus();
      const columns = await opened('c', 'Columns');
      for (const name of names) await columns.getByRole('checkbox', { name, exact: true }).check();
      await closed('Columns');
    },
  };
}
