/** The run form: what its fields are called, rules between them, and that a press starts one run. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

async function openForm() {
  const screen = await openScreen(numberedRows(6), '#/train');
  const { page } = screen;
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByText(/^Peak memory/).waitFor();
  return { ...screen, form, start: form.getByRole('button', { name: 'Start', exact: true }) };
}

const describedBy = (page: Page, id: string | null) =>
  page.evaluate(
    (ids) =>
      ids
        .split(' ')
        .map((one) => document.getElementById(one)?.textContent ?? '')
        .join(' '),
    id ?? '',
  );

test('a value that is none is said at its field, and nothing can be started', async () => {
  const { page, form, start } = await openForm();
  const steps = form.getByRole('textbox', { name: 'Steps', exact: true });
  await steps.fill('many');
  expect(await steps.getAttribute('aria-invalid')).toBe('true');
  expect(await describedBy(page, await steps.getAttribute('aria-describedby'))).toMatch(/number/i);
  expect(await start.isDisabled()).toBe(true);
  await steps.fill('30');
  await expect.poll(() => start.isEnabled()).toBe(true);
});

test('a rule between two fields is said where it is mended, with one press that mends it', async () => {
  const { form, start } = await openForm();
  await form.getByRole('button', { name: /Advanced settings/ }).click();
  await form.getByRole('textbox', { name: /^Stop early after/ }).fill('3');
  await form.getByRole('textbox', { name: /^Evaluate every/ }).fill('0');
  await form.getByText('Early stopping counts evaluations').waitFor();
  expect(await start.isDisabled()).toBe(true);
  await form.getByRole('button', { name: /^Use an evaluation every/ }).click();
  await expect.poll(() => form.getByText('Early stopping counts evaluations').count()).toBe(0);
  await expect.poll(() => start.isEnabled()).toBe(true);
});

test('two quick presses start one run, which opens', async () => {
  const { page, form, start, compute } = await openForm();
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill('2');
  await expect.poll(() => start.isEnabled()).toBe(true);
  await start.dblclick();
  await page.getByText('Finished', { exact: true }).first().waitFor();
  expect(compute.jobs.filter(({ kind }) => kind === 'train')).toHaveLength(1);
});

test('a value far from usual is said at its field, and may be started all the same', async () => {
  const { form, start } = await openForm();
  await form.getByRole('button', { name: /Advanced settings/ }).click();
  await form.getByRole('textbox', { name: /^Held out/ }).fill('0');
  await form.getByText(/^Nothing is held out/).waitFor();
  expect(await start.isEnabled()).toBe(true);
  await form.getByRole('button', { name: 'Use 0.15' }).click();
  await expect.poll(() => form.getByText(/^Nothing is held out/).count()).toBe(0);
});

test('what the limits cut off is said before the run', async () => {
  const { compute, page, form } = await openForm();
  compute.estimate = { pairs: 4, pairsCut: 2, tokens: 55, tokensCut: 45 };
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill('31');
  await page.getByText('45 % of all tokens are cut off, in 2 of 4 pairs.').waitFor();
  expect(await form.getByText(/left out/i).count()).toBe(0);
});

test('pairs that are the same once cut are named before the run', async () => {
  const { compute, page, form } = await openForm();
  compute.estimate = { pairs: 4, equalIds: ['17', '23'] };
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill('32');
  await page.getByText('2 of 4 pairs left out: once cut, both replies are the same.').waitFor();
  await page.getByText('Pairs 17, 23. Raise the longest reply').waitFor();
});

test('a run starts from an earlier one that holds an adapter, and from nothing else of the list', async () => {
  const { page, form, start, compute } = await openForm();
  const from = form.getByRole('combobox', { name: 'Start from' });
  expect(await from.count()).toBe(0);
  await form.getByRole('textbox', { name: 'Steps', exact: true }).fill('2');
  await expect.poll(() => start.isEnabled()).toBe(true);
  await start.click();
  await page.getByText('Finished', { exact: true }).first().waitFor();
  await page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  await from.selectOption('Run 1, last checkpoint (step 2)');
  await expect.poll(() => start.isEnabled()).toBe(true);
  await start.click();
  await expect
    .poll(() => compute.jobs.filter(({ kind }) => kind === 'train').at(-1))
    .toMatchObject({ config: { startFrom: 'run:1' } });
});
