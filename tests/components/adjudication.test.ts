/** Disagreements on the screen: what each person said and why, a verdict by key, undo, and the role that may. */
import { expect, test } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import { labelAs } from '#main/testLabeller.ts';
import { violations } from '../helpers/accessibility.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';
import { runCommand } from '../helpers/walk.ts';

closeBrowserAfterAll();

test('an adjudicator settles what two people differ on, and takes it back', async () => {
  const { page, facet } = await openScreen(numberedRows(4), '#/library');
  const bo = await labelAs(facet, 'Bo');
  const cy = await labelAs(facet, 'Cy');
  const because = (rationale: string) => ({ attributes: { ...NO_ATTRIBUTES, rationale } });
  await bo.decide({ pairId: 1, verdict: 'a', ...because('It says how much.') });
  await cy.decide({ pairId: 1, verdict: 'tie', ...because('Both are vague.') });
  await bo.decide({ pairId: 2, verdict: 'a' });
  await cy.decide({ pairId: 2, verdict: 'a' });
  await bo.decide({ pairId: 3, verdict: 'b' });
  await cy.decide({ pairId: 3, verdict: 'both_bad' });
  const { token } = await facet.services.people.add({ name: 'Dee', role: 'adjudicator' });
  const origin = await page.evaluate(() => window.location.origin);
  await page.goto('about:blank');
  await page.goto(`${origin}/#token=${token}`);
  await page.getByRole('button', { name: 'Disagreements' }).click();
  await page.getByText('2 open, 0 settled').waitFor();
  const said = page.getByRole('list', { name: 'What people said' });
  await said.getByText('It says how much.').waitFor();
  await said.getByText('Both are vague.').waitFor();
  expect(await violations(page)).toEqual([]);

  await page.keyboard.press('w');
  await page.keyboard.type('A glass is an amount.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  await page.getByText('1 open, 1 settled').waitFor();
  await said.getByText('No reason given').first().waitFor();
  expect(facet.services.annotate.verdicts(1).standing).toContainEqual({ annotator: 'Dee', verdict: 'tie' });
  expect(await page.getByRole('textbox', { name: 'Why (W)' }).inputValue()).toBe('');

  await page.keyboard.press('z');
  await page.getByText('2 open, 0 settled').waitFor();
  await said.getByText('It says how much.').waitFor();
  // By name, in the palette.
  await runCommand(page, 'Why');
  const why = page.getByRole('textbox', { name: 'Why (W)' });
  await expect.poll(() => why.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await runCommand(page, 'Right better');
  await page.getByText('1 open, 1 settled').waitFor();
  await runCommand(page, 'Undo');
  await page.getByText('2 open, 0 settled').waitFor();
  expect(facet.services.annotate.verdicts(1).standing).toHaveLength(2);

  await page.keyboard.press('s');
  await said.getByText('No reason given').first().waitFor();
  await page.getByRole('switch', { name: 'Decide before seeing what they said' }).click();
  await page.getByText('What people said is shown once you have decided.').waitFor();
  await page.keyboard.press('b');
  await page.getByText('1 open, 1 settled').waitFor();
  expect(facet.services.annotate.verdicts(3).standing).toContainEqual({
    annotator: 'Dee',
    verdict: 'both_bad',
  });
  await page.getByRole('button', { name: 'To the queue' }).click();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  // The settled one is a verdict of their own; the place of before may stand for a moment.
  await page.getByText(/^Pair 2 of 4/).waitFor();
}, 120_000);
