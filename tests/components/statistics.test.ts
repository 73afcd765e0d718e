/** Statistics beside the Library's table. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labelAs } from '#main/testLabeller.ts';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('say how far the labelling is and how it leans', async () => {
  const { page, facet } = await openScreen(numberedRows(60), '#/library');
  for (const [name, count] of [
    ['Ada', 30],
    ['Bo', 18],
  ] as const) {
    const person = await labelAs(facet, name);
    await person.queue();
    for (let pairId = 1; pairId <= count; pairId++)
      await person.decide({
        pairId,
        verdict: pairId % 7 === 0 ? 'tie' : 'a',
        leftKey: pairId % 6 ? 'a' : 'b',
      });
  }
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Statistics').click();
  const decided = page.getByRole('region', { name: 'Decided by people' });
  await decided.getByText('30', { exact: true }).waitFor();
  await page
    .getByRole('region', { name: 'Side and choice' })
    .getByText('The left side is favoured.')
    .waitFor();
  await page.getByRole('region', { name: 'Agreement' }).getByText('18 comparisons').waitFor();
  const people = page.getByRole('region', { name: 'People' });
  expect(await people.getByRole('row').nth(1).textContent()).toContain('Ada300');
  const shot = (name: string) => page.screenshot({ path: join(rootDir, 'test-results', `${name}.png`) });
  await shot('statistics');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('statistics-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 560, height: 900 }).catch(() => undefined);
  await shot('statistics-narrow');
  await page.getByRole('navigation', { name: 'Views of the Library' }).getByText('Pairs').click();
  await page.getByRole('grid', { name: 'Pairs' }).waitFor();
});
