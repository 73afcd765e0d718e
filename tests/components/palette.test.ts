/** The command palette finds what a project holds: runs, codes and prompts, beside commands. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { runCommand } from '../helpers/walk.ts';

closeBrowserAfterAll();

test('runs, codes, prompts and actions are found by their names, and opened', async () => {
  const { page, facet, folder } = await openScreen(numberedRows(6), '#/library');
  const { models, runs, codes } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { id } = await runs.start({
    name: 'Overnight',
    modelId: (await models.add(join(folder, 'tiny'))).id,
    config: { ...DEFAULT_RUN, steps: 3, latent: { ...DEFAULT_LATENT, codes: 3 } },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(id);
  await codes.rename(id, { code: 2, name: 'Politeness', note: '' });

  const find = (text: string, found: string) => runCommand(page, text, found);
  await find('politen', 'Politeness, code 2 of Overnight');
  await expect.poll(() => page.url()).toContain(`#/codes?run=${id}&code=2`);
  await page.getByRole('heading', { name: 'Politeness' }).waitFor();
  await find('code 0', 'Code 0 of Overnight');
  await expect.poll(() => page.url()).toContain('code=0');
  await find('overn', 'Overnight');
  await expect.poll(() => page.url()).toContain(`#/train?run=${id}`);
  await find('talk', 'Talk to Overnight');
  await expect.poll(() => page.url()).toContain(`#/playground?run=${id}`);
  // By a word of its reply alone.
  await find('plant 4 wants', 'How do I water plant 4?');
  await expect.poll(() => page.url()).toContain('#/annotate?pair=4');
  await find('dark', 'Use dark colours');
  await expect
    .poll(() => page.evaluate(() => document.documentElement.dataset.mantineColorScheme))
    .toBe('dark');
});

test('codes stand by similarity, the loss on a logarithmic scale, and memory by step', async () => {
  const { page, facet, folder } = await openScreen(numberedRows(6), '#/library');
  const { models, runs } = facet.services;
  mkdirSync(join(folder, 'tiny'));
  writeFileSync(join(folder, 'tiny', 'config.json'), '{}');
  const { id } = await runs.start({
    modelId: (await models.add(join(folder, 'tiny'))).id,
    config: { ...DEFAULT_RUN, steps: 20, latent: { ...DEFAULT_LATENT, codes: 3 } },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(id);
  await page.evaluate((run) => {
    window.location.hash = `#/train?run=${run}`;
  }, id);
  await page.reload();
  const chart = page.getByRole('region', { name: 'Chart: Loss' });
  await chart.getByRole('slider', { name: /^Loss by step\. / }).waitFor();
  const drawn = () => chart.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  await chart.locator('canvas').waitFor();
  const linear = await drawn();
  await chart.getByRole('button', { name: 'log' }).click();
  await chart.getByRole('slider', { name: /^Loss by step, logarithmic\. / }).waitFor();
  await expect.poll(drawn).not.toBe(linear);
  await chart.getByText(/Logarithmic: 0 and below lie beneath the picture/).waitFor();
  const plot = chart.getByRole('slider', { name: /^Loss by step/ });
  await plot.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('+');
  await page.getByText(/^Steps 0 to 10$/).waitFor();
  await page.keyboard.press('0');
  await page.getByText(/^Steps 0 to 10$/).waitFor({ state: 'detached' });
  await chart.getByText('mean of 25').waitFor();
  await page.getByRole('combobox', { name: 'Smoothing' }).selectOption({ label: 'Mean of 5' });
  await chart.getByText(/^mean of 5/).waitFor();
  await page.getByRole('combobox', { name: 'Smoothing' }).selectOption({ label: 'No smoothing' });
  await chart.getByText(/mean of/).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Chart: Memory' }).getByText('300 MB').waitFor();

  await page.evaluate((run) => {
    window.location.hash = `#/codes?run=${run}`;
  }, id);
  const order = page.getByRole('combobox', { name: 'Order of the codes' });
  const listed = () =>
    page
      .getByRole('checkbox', { name: /^Choose code/ })
      .evaluateAll((boxes) =>
        boxes.map((box) => box.getAttribute('aria-label')?.replace('Choose code ', '')),
      );
  await order.selectOption({ label: 'by number' });
  await expect.poll(listed).toEqual(['0', '1', '2']);
  // Codes 0 and 2 share every prompt; code 1 fires on none and stands last.
  await order.selectOption({ label: 'by similarity' });
  await expect.poll(listed).toEqual(['0', '2', '1']);
  // Codes were not forced, so there is no effect to order them by.
  expect(await order.getByRole('option', { name: 'by effect' }).count()).toBe(0);
  await page.getByRole('combobox', { name: 'Rows' }).selectOption({ label: 'rows by cluster' });
  await page.getByText('A: code').first().waitFor({ state: 'attached' });
});
