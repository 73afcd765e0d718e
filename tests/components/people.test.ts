/** Two people at two pages of one workbench: neither ever labels as the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '#main/serve/server.ts';
import { importAll, openFacet } from '#main/testFacet.ts';
import { launchBrowser, rootDir, temporaryFolder } from '../helpers/facetWindow.ts';
import { numberedRows } from '../helpers/screenTest.ts';
import { sayName } from '../helpers/walk.ts';

/** A browser of its own, with a memory of its own. */
async function openPage(url: string): Promise<Page> {
  const folder = await temporaryFolder();
  const { app, page } = await launchBrowser(url, folder.path);
  onTestFinished(async () => {
    await app.close();
    await folder.remove();
  });
  await page.getByRole('banner').waitFor();
  await toAnnotate(page);
  return page;
}
const toAnnotate = (page: Page) =>
  page.evaluate(() => {
    window.location.hash = '#/annotate';
  });
const desk = (page: Page) => page.getByRole('toolbar', { name: 'Verdict' });
const named = (page: Page, name: string) => page.getByRole('banner').getByRole('button', { name });

async function press(page: Page, key: string, next: RegExp): Promise<void> {
  await page.keyboard.press(key);
  await page.getByText(next).waitFor();
  await page.getByRole('status').getByText('Saved').waitFor();
}

test('a name belongs to its page: verdicts, undo, a reload and another name', async () => {
  const { facet, folder } = await openFacet({ resourcesDir: join(rootDir, 'resources') });
  const file = join(folder, 'plants.jsonl');
  writeFileSync(
    file,
    numberedRows(6)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  await importAll(facet, file);
  const serve = (port: number) =>
    startServer({
      facet,
      rendererDir: join(rootDir, 'out', 'renderer'),
      port,
      log: () => undefined,
    });
  const server = await serve(0);
  onTestFinished(() => server.close());
  const standing = (pairId: number) =>
    Object.fromEntries(
      facet.services.annotate.verdicts(pairId).standing.map(({ annotator, verdict }) => [annotator, verdict]),
    );

  const ada = await openPage(server.url);
  await sayName(ada, 'Ada');
  await desk(ada).waitFor();
  const bob = await openPage(server.url);
  await bob.getByText('So far: Ada.').waitFor();
  await sayName(bob, 'Bob');
  await desk(bob).waitFor();

  await press(ada, 'b', /^Pair 2 of/);
  await press(bob, '3', /^Pair 2 of/);
  await named(ada, 'Ada').waitFor();
  expect(standing(1)).toEqual({ Ada: 'both_bad', Bob: 'tie' });
  await bob.keyboard.press('z');
  await bob.getByText(/^Pair 1 of/).waitFor();
  expect(standing(1)).toEqual({ Ada: 'both_bad' });

  // Remembered: not asked again, and still the one it was.
  await bob.reload();
  await toAnnotate(bob);
  await bob.getByText(/^Pair 1 of/).waitFor();
  await press(bob, 's', /^Pair 2 of/);
  expect(standing(1)).toEqual({ Ada: 'both_bad', Bob: 'skip' });

  await named(bob, 'Bob').click();
  await bob.getByRole('textbox', { name: 'Another name' }).fill('Robert');
  await bob.getByRole('button', { name: 'Rename Bob' }).click();
  await named(bob, 'Robert').waitFor();
  expect(standing(1)).toEqual({ Ada: 'both_bad', Robert: 'skip' });

  // A second page of Ada's decides; the first learns of it before it takes anything back.
  const second = await openPage(server.url);
  await sayName(second, 'Ada');
  await second.getByText(/^Pair 2 of/).waitFor();
  await press(second, 's', /^Pair 3 of/);
  await ada.keyboard.press('z');
  await ada.getByText('another page of yours has decided since', { exact: false }).waitFor();
  expect([standing(1), standing(2)]).toEqual([{ Ada: 'both_bad', Robert: 'skip' }, { Ada: 'skip' }]);
  await ada.getByRole('button', { name: /^Undo: skip on “How do I water plant 2\?”$/ }).waitFor();
  await ada.keyboard.press('z');
  await ada.getByRole('button', { name: /^Undo: both bad on “/ }).waitFor();
  expect(standing(2)).toEqual({});
}, 120_000);
