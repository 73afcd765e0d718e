/** What the desk tells of a session, and its reminder of breaks. */
import { expect, test } from 'vitest';
import { Connection } from '#main/services/Connection.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('a session tells pairs, time and pace, and reminds of a break until that is turned off', async () => {
  const { page, facet } = await openScreen(numberedRows(6), '#/annotate');
  const who = new Connection();
  const { id: annotatorId } = await facet.services.annotate.identify(who, { name: 'Ada' });
  // An hour at four pairs, given on another page of hers.
  for (const pairId of [1, 2, 3, 4])
    await facet.services.annotate.decide(who, {
      ...{ filter: null, includeSkipped: false, requestId: crypto.randomUUID(), annotatorId, pairId },
      ...{ verdict: 'a', leftKey: 'a', durationMs: 15 * 60_000 },
    });
  await page.reload();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  await page.getByText('4 an hour').waitFor();
  const reminder = page.getByRole('status', { name: 'Time for a break' });
  await reminder.getByText('You have labelled for 1 h').waitFor();
  await page.keyboard.press('y');
  const dialog = page.getByRole('dialog', { name: 'Your session' });
  await dialog.getByText('Time active').waitFor();
  // A key that comes before the dialog has taken the focus goes to the desk.
  await dialog.locator('button:focus', { hasText: 'Go on' }).waitFor();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await reminder.getByRole('button', { name: 'Never remind me' }).click();
  await reminder.waitFor({ state: 'hidden' });
  await page.reload();
  await page.getByText('4 an hour').waitFor();
  expect(await reminder.count()).toBe(0);
}, 60_000);
