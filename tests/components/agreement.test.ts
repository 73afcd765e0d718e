/** Agreement beside the Library's table: figures with intervals, and in a sentence how each person leans. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labelAs } from '#main/testLabeller.ts';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('says how far people agree, two by two, and who leans to a side', async () => {
  const { page, facet } = await openScreen(numberedRows(40), '#/library');
  for (const name of ['Ada', 'Bo', 'Cy']) {
    const person = await labelAs(facet, name);
    await person.queue();
    for (let pairId = 1; pairId <= 30; pairId++) {
      const leftKey = pairId % 2 ? 'a' : 'b';
      const chosen = name === 'Cy' ? leftKey : pairId % 10 === 0 && name === 'Bo' ? 'tie' : 'a';
      await person.decide({ pairId, verdict: chosen, leftKey });
    }
  }
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Agreement').click();
  const overall = page.getByRole('region', { name: 'Overall', exact: true });
  await overall.getByText('On 30 pairs that two or more labelled').waitFor();
  const two = page.getByRole('region', { name: 'Two by two', exact: true });
  const row = two.getByRole('row', { name: /^Ada and Bo/ });
  expect(await row.getByRole('cell').nth(1).textContent()).toMatch(/^0\.90 0\.\d\d to 1\.00$/);
  await page.getByText('Cy prefers the left reply in 100 % of 30 preferences').waitFor();
  await page.getByRole('radiogroup', { name: 'Whose labels' }).getByText('Named by files').click();
  await overall.getByText('Agreement needs labels of two people').waitFor();
  await page.getByRole('radiogroup', { name: 'Whose labels' }).getByText('People').click();
  await overall.getByText('On 30 pairs').waitFor();
  const shot = (name: string) => page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });
  await shot('agreement');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('agreement-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 560, height: 900 }).catch(() => undefined);
  await shot('agreement-narrow');
});
