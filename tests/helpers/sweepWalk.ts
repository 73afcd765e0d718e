/** A sweep of a setting through the screens: typed, trained run by run, read as a table. The same in window and browser. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const LONGEST_MS = 480_000;

/** From the form of a new run; `steps` each. */
export async function sweepSetting(page: Page, steps: number): Promise<void> {
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByText('Quick look', { exact: true }).click();
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill(String(steps));
  await form.getByRole('button', { name: 'Sweep over a setting' }).click();
  await form.getByRole('combobox', { name: 'First setting' }).fill('headsLearningRate');
  await page.getByRole('option', { name: /headsLearningRate/ }).click();
  const values = form.getByRole('textbox', { name: 'Values of the first setting' });
  await values.fill('0.001,-1');
  await form.getByText('headsLearningRate -1: More than 0, please.').waitFor();
  expect(await form.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
  await values.fill('0.0001..0.01:3:log');
  await form.getByRole('button', { name: 'Start 3 runs' }).click();
  await page.getByRole('heading', { name: 'Sweep 1' }).waitFor();
}

/** Waits until each of its settings has figures; one of them is the best, a run opens, and the sweep is one press away. Returns value and accuracy of each. */
export async function readSweep(page: Page) {
  const sweeps = page.getByRole('list', { name: 'Sweeps, newest first' });
  await sweeps.getByText('3 runs', { exact: true }).waitFor({ timeout: LONGEST_MS });
  const table = page.getByRole('region', { name: 'Figures by setting' });
  await expect.poll(() => table.getByText('best', { exact: true }).count(), { timeout: LONGEST_MS }).toBe(1);
  const settings = () =>
    table
      .getByRole('row')
      .evaluateAll((rows) =>
        rows
          .slice(1)
          .map((row) => [row.querySelector('th')?.textContent, row.querySelector('td')?.textContent]),
      );
  await expect
    .poll(async () => (await settings()).every(([, accuracy]) => /^\d/.test(accuracy ?? '')), {
      timeout: LONGEST_MS,
    })
    .toBe(true);
  const found = (await settings()).map(([value, accuracy]) => ({
    value: value?.replace('best', '').trim(),
    accuracy: Number.parseFloat(accuracy ?? ''),
  }));
  await page.getByText('the lowest held-out preference loss').waitFor();
  await table.getByRole('button', { name: /^Open Sweep 1: headsLearningRate 0.01,/ }).click();
  await page.getByRole('heading', { name: /headsLearningRate 0.01,/ }).waitFor();
  await sweeps.getByRole('button').click();
  await table.waitFor();
  return found;
}
