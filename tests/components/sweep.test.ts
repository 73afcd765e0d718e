/** A sweep on the Train screen: typed, read as a table, paused and cancelled as a whole. */
import { expect, test } from 'vitest';
import { evaluationFrame } from '#core/testFrames.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { readSweep, sweepSetting } from '../helpers/sweepWalk.ts';

closeBrowserAfterAll();

async function openForm() {
  const screen = await openScreen(numberedRows(6), '#/train');
  await screen.page
    .getByRole('button', { name: /^New run/ })
    .first()
    .click();
  return screen;
}

test('is typed with its errors said, and read with the best by the rule', async () => {
  const { page, compute } = await openForm();
  compute.heldOut = ({ headsLearningRate }) => [
    evaluationFrame({ step: 2, loss: 0.5 + Math.abs(headsLearningRate - 0.001), accuracy: 0.7 }),
  ];
  await sweepSetting(page, 2);
  const settings = await readSweep(page);
  expect(settings.map(({ value }) => value)).toEqual(['0.0001', '0.001', '0.01']);
  const best = page.getByRole('row').filter({ hasText: 'best' });
  expect(await best.getByRole('rowheader').textContent()).toMatch(/^0\.001 /);
});

test('is paused, gone on with and cancelled as a whole', async () => {
  const { page, compute, facet } = await openForm();
  let letOn: () => void = () => undefined;
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  await sweepSetting(page, 2);
  await page.getByRole('button', { name: 'Pause all' }).click();
  await page.getByText('1 of 3 runs begun, paused').first().waitFor();
  letOn();
  await facet.services.runs.wait(1);
  compute.gate = new Promise((resolve) => {
    letOn = resolve;
  });
  await page.getByRole('button', { name: 'Go on with all' }).click();
  await page.getByText('1 of 3 runs begun', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await page.getByText('1 run, cancelled').first().waitFor();
  letOn();
  expect(facet.services.runs.queue.state().runs).toEqual([]);
});
