/** The Playground: two policies side by side, sweeps, and what becomes of two replies. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { GenerateJob } from '#core/jobs.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

/** Two runs of one model, the first with a best checkpoint of its own; the second is talked to. */
async function twoRuns() {
  const screen = await openScreen(numberedRows(6), '#/library');
  const { page, facet, compute, folder } = screen;
  const { models, runs } = facet.services;
  const model = join(folder, 'tiny');
  mkdirSync(model);
  writeFileSync(join(model, 'config.json'), '{}');
  const modelId = (await models.add(model)).id;
  const start = async (name: string) => {
    const { id } = await runs.start({
      name,
      modelId,
      config: { ...DEFAULT_RUN, steps: 3, latent: { ...DEFAULT_LATENT, codes: 3 } },
      selection: { labels: 'imported', sourceIds: null },
    });
    await runs.wait(id);
    return id;
  };
  compute.bestAt = 2;
  const first = await start('First');
  compute.bestAt = null;
  const second = await start('Second');
  await page.evaluate((run) => {
    window.location.hash = `#/playground?run=${run}`;
  }, second);
  // The runs came about behind the page's back.
  await page.reload();
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  return { ...screen, first, second };
}

async function ask(page: Page, text = 'How do I water a fern?'): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.keyboard.press('Enter');
  await written(page);
}

const EVERYTHING = { text: '', sourceId: null, status: 'all' } as const;
const written = (page: Page) => page.getByRole('button', { name: 'Send' }).waitFor();
const lanes = (page: Page) => page.getByRole('article').allInnerTexts();
const asked = (jobs: readonly { kind: string }[]) =>
  jobs.filter((job): job is GenerateJob => job.kind === 'generate');

test('any two policies answer side by side: a run beside its base, another run, a checkpoint of it, or alone', async () => {
  const { page, compute } = await twoRuns();
  await ask(page);
  await page.getByRole('region', { name: 'Base, tiny' }).getByText('base by none, 1').waitFor();
  await page.getByRole('region', { name: 'Aligned, Second' }).getByText('last-3 by prior, 1').waitFor();

  const beside = page.getByRole('combobox', { name: 'Beside it' });
  expect(await beside.locator('option').allTextContents()).toEqual([
    'Nothing beside',
    'Its base, tiny',
    'First, last of step 3',
    'First, best of step 2',
    'Starter',
  ]);
  await beside.selectOption({ label: 'First, best of step 2' });
  await page.getByRole('button', { name: 'Again' }).click();
  await page
    .getByRole('region', { name: 'Aligned, First, best of step 2' })
    .getByText('best-2 by prior, 1')
    .waitFor();
  await page.getByRole('region', { name: 'Aligned, Second' }).getByText('last-3 by prior, 1').waitFor();
  const [one, two] = asked(compute.jobs).slice(-2);
  expect(one?.checkpointDir).not.toBe(two?.checkpointDir);
  expect(one?.messages).toEqual(two?.messages);

  await beside.selectOption({ label: 'Nothing beside' });
  await page.getByRole('button', { name: 'Again' }).click();
  await page.getByRole('region', { name: 'Aligned, First, best of step 2' }).waitFor({ state: 'detached' });
  await written(page);
  expect(await page.getByRole('article').count()).toBe(1);
});

test('a sweep takes codes in use alone and names the dead one; one code’s weight goes from 0 to 1', async () => {
  const { page } = await twoRuns();
  await page.getByText('2 of 3 codes in use at step 3. Dead, and left out of sweeps: 1.').waitFor();
  await ask(page);
  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('w');
  await page.getByRole('region', { name: 'Code 2 alone, Second' }).waitFor();
  await written(page);
  // The prior of this prompt gives the dead code 0.3.
  expect(await page.getByRole('article').count()).toBe(3);
  expect((await lanes(page)).map((text) => text.split('\n')[0])).toEqual([
    'last-3 by prior, 1',
    'last-3 by 0.00 0.00 1.00, 1',
    'last-3 by 1.00 0.00 0.00, 1',
  ]);

  await page.getByRole('button', { name: 'Sweep the weight of code 0 from 0 to 1' }).click();
  await page.getByRole('region', { name: 'Code 0 at 1.00, Second' }).waitFor();
  await written(page);
  const steps = ['0.00 0.00 1.00', '0.25 0.00 0.75', '0.50 0.00 0.50', '0.75 0.00 0.25', '1.00 0.00 0.00'];
  expect((await lanes(page)).map((text) => text.split('\n')[0])).toEqual(
    steps.map((weights) => `last-3 by ${weights}, 1`),
  );
  // Again draws the same sweep.
  await page.getByRole('heading', { name: /^Code 0 at 1\.00/ }).click();
  await page.keyboard.press('r');
  await written(page);
  expect(await page.getByRole('article').count()).toBe(5);
});

test('two replies are kept, labelled on the spot and taken back, then put first in the queue', async () => {
  const { page, facet } = await twoRuns();
  await ask(page);
  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('k');
  await page.getByText('Kept as pair 7 of the source Playground, unlabelled.').waitFor();
  const standing = () => facet.services.annotate.verdicts(7).standing;
  const queued = async () =>
    (await facet.services.library.rows({ ...EVERYTHING, where: { shown: 'first' } }, 0, 10)).map(
      ({ id }) => id,
    );
  expect(standing()).toEqual([]);
  await page.getByRole('button', { name: 'B is better' }).click();
  await page.getByText('Pair 7. Labelled: B is better.').waitFor();
  // Replies are stored in the order of their hashes: what counts is which text was preferred.
  const { left, right } = await facet.services.library.pair(7);
  const aligned = [left, right].find(({ text }) => text === 'last-3 by prior, 1');
  expect(standing()).toEqual([{ annotator: 'Ada', verdict: aligned?.key }]);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('button', { name: 'Queue it first' }).waitFor();
  expect(standing()).toEqual([]);
  await page.getByRole('button', { name: 'Queue it first' }).click();
  await page.getByText('Pair 7. First in the labelling queue.').waitFor();
  expect(await queued()).toEqual([7]);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('button', { name: 'Queue it first' }).waitFor();
  expect(await queued()).toEqual([]);
});

test('tokens of the two replies tell log-probability and reward, by colour, by the arrows and in figures', async () => {
  const { page, compute } = await twoRuns();
  await ask(page);
  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('t');
  const aligned = page.getByRole('listbox', { name: 'Tokens of B of the pair' });
  await aligned.waitFor();
  const card = page.getByRole('region', { name: 'Aligned, Second' }).getByRole('article');
  // The run gives its tokens −1 and −4, its base −2 and −1; β is 0.1.
  await card
    .getByText('Whole reply: log-probability −5.00 · reward −0.200 · difference to the one beside −0.200', {
      exact: true,
    })
    .waitFor();
  const tones = (list: typeof aligned) =>
    list.getByRole('option').evaluateAll((tokens) => tokens.map((token) => token.getAttribute('data-tone')));
  expect(await tones(aligned)).toEqual(['unlikely', 'unlikely']);

  await page.keyboard.press('t');
  await page.getByText('more reward here').waitFor();
  await expect.poll(() => tones(aligned)).toEqual(['more', 'less']);
  const base = page.getByRole('listbox', { name: 'Tokens of A of the pair' });
  await expect.poll(() => tones(base)).toEqual(['less', 'more']);
  // Of the largest difference, 0.3, the first token has a third.
  const sizes = await aligned
    .getByRole('option')
    .evaluateAll((tokens) => tokens.map((token) => (token as HTMLElement).style.getPropertyValue('--size')));
  expect(sizes).toEqual(['0.333', '1.000']);

  await aligned.focus();
  await page.keyboard.press('ArrowRight');
  await card
    .getByText(
      '·word12 · log-probability −4.00 (1.8 %), beside −1.00 · reward −0.300, beside 0.000, difference −0.300',
      { exact: true },
    )
    .waitFor();
  const read = compute.jobs.filter((job) => job.kind === 'reply-tokens');
  expect(read.every((job) => job.ids.join() === '11,12' && job.messages.length === 1)).toBe(true);

  await page.getByRole('heading', { name: 'Aligned' }).click();
  await page.keyboard.press('t');
  await aligned.waitFor({ state: 'detached' });
  await card.getByText('last-3 by prior, 1').waitFor();
});
