/** Personal links: made once in the settings, opening one's own work alone, and ended there. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('a link is shown once, opens the desk alone, and ends', async () => {
  const { page, facet, url } = await openScreen(numberedRows(6), '#/settings');
  const people = page.getByRole('region', { name: 'People' });
  await people.getByRole('textbox', { name: 'Name' }).fill('Bob');
  await people.getByRole('button', { name: 'Add with a link' }).click();
  const field = people.getByRole('textbox', { name: 'Link of Bob' });
  await field.waitFor();
  const link = await field.inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
  const bob = people.getByRole('listitem', { name: 'Bob' });
  await bob.getByText('not opened yet', { exact: false }).waitFor();
  await people.getByRole('button', { name: 'Done' }).click();
  expect(await page.getByText(link).count()).toBe(0);

  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.getByRole('banner').getByText('Bob').waitFor();
  expect(await page.getByRole('navigation', { name: 'Screens' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'In which order' }).count()).toBe(0);
  await page.keyboard.press('2');
  await page.getByText('1 in this session').waitFor();
  await page.getByRole('status').getByText('Saved').waitFor();
  const by = facet.services.people.list().find(({ name }) => name === 'Bob');
  expect(by).toMatchObject({ role: 'annotator', decided: 1 });
  // Neither keys nor an address lead elsewhere.
  await page.keyboard.press('Alt+1');
  await page.evaluate(() => {
    window.location.hash = '#/library';
  });
  await page.getByRole('main', { name: 'Annotate' }).waitFor();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.getByRole('button', { name: /^Guidelines/ }).click();
  const guidelines = page.getByRole('complementary', { name: 'Guidelines' });
  await guidelines.getByText('Choose the reply', { exact: false }).waitFor();
  expect(await guidelines.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  await page.keyboard.press('Escape');

  await facet.services.people.revokeLink(by?.annotatorId ?? 0);
  await page.reload();
  await page.getByText('The address refused', { exact: false }).or(page.getByRole('alert')).waitFor();
  expect(await page.getByRole('toolbar', { name: 'Verdict' }).count()).toBe(0);

  await page.goto('about:blank');
  await page.goto(url);
  await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  await page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  await expect
    .poll(() => bob.textContent())
    .toMatch(/^Bob1 pair labelled · \d seen, nothing said of \d · no link/);
}, 120_000);

test('pairs that people share come to one of them each', async () => {
  const { page, facet } = await openScreen(numberedRows(12), '#/settings');
  const people = page.getByRole('region', { name: 'People' });
  await people.getByText('Each pair comes to some').click();
  await people.getByRole('textbox', { name: 'Labels on overlap' }).fill('1');
  await people.getByText('That share of the pairs comes to one person', { exact: false }).waitFor();
  await expect
    .poll(() => facet.services.project.current()?.settings.overlap)
    .toEqual({ labels: 1, share: 0.2 });
  await page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
  await page.getByText(/^Pair 1 of 12/).waitFor();
  const { token } = await facet.services.people.add({ name: 'Bob', role: 'annotator' });
  const origin = await page.evaluate(() => window.location.origin);
  await page.goto('about:blank');
  await page.goto(`${origin}/#token=${token}`);
  // Five are before Ada; a place in the project would tell Bob of others, so that his own pairs are counted.
  await page.getByText(/^Pair 1 of 12/).waitFor();
  for (let place = 1; place <= 7; place += 1) {
    // A key that comes before the next pair is on screen decides nothing.
    await page
      .getByRole('region', { name: 'Prompt' })
      .getByText(`plant ${place + 5}?`)
      .waitFor();
    await page.keyboard.press('1');
    await page.getByText(`${place} in this session`).waitFor();
  }
  await page.getByText('Nothing for you now').waitFor();
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByText('You have labelled 7 pairs', { exact: false }).waitFor();
}, 120_000);
