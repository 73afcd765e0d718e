/** The guidelines beside the pair: by key, at a width that is kept, below it in a narrow window, and what changed in them. */
import { expect, test } from 'vitest';
import { Connection } from '#main/services/Connection.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const LONG = `# What is better

1. **True** before pleasant.
2. *Short* before long, where both are true.

## Examples

> How often do I water a fern?

“Twice a week” is better than “when it feels right”: it can be followed.

| case | verdict |
| --- | --- |
| both invent facts | both bad |
| same in other words | tie |
`;

test('the guidelines stand beside the pair at a width that is kept, and keys decide meanwhile', async () => {
  const { page, facet } = await openScreen(numberedRows(4), '#/annotate');
  await facet.services.guidelines.save(new Connection(), { text: LONG, note: 'Examples added' });
  await page.reload();
  const toolbar = page.getByRole('toolbar', { name: 'Verdict' });
  await toolbar.waitFor();
  await page.keyboard.press('?');
  const pane = page.getByRole('complementary', { name: 'Guidelines' });
  await pane.getByRole('heading', { name: 'Examples' }).waitFor();
  const edge = page.getByRole('separator', { name: 'Width of the guidelines' });
  await edge.focus();
  const before = (await pane.boundingBox())?.width ?? 0;
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  // An arrow there decides no pair.
  expect(await page.getByText('0 in this session').count()).toBe(1);
  const wider = (await pane.boundingBox())?.width ?? 0;
  expect(wider).toBe(before + 32);
  await page.getByText('Pair 1 of 4').click();
  await page.keyboard.press('1');
  await page.getByText('1 in this session').waitFor();
  await page.getByRole('status').getByText('Saved').waitFor();
  await page.reload();
  await pane.waitFor();
  expect((await pane.boundingBox())?.width).toBe(wider);

  await page.setViewportSize({ width: 900, height: 760 });
  const below = await pane.boundingBox();
  const reply = await page.getByRole('region', { name: /^Left/ }).first().boundingBox();
  const buttons = await toolbar.boundingBox();
  expect(below?.y).toBeGreaterThanOrEqual((reply?.y ?? 0) + 60);
  expect((below?.y ?? 0) + (below?.height ?? 0)).toBeLessThanOrEqual(buttons?.y ?? 0);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 640, height: 400 });
  const over = await pane.boundingBox();
  expect(over?.height).toBeGreaterThan(120);
  expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual((await toolbar.boundingBox())?.y ?? 0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('?');
  await pane.waitFor({ state: 'hidden' });
  await page.getByRole('complementary', { name: 'History' }).waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
}, 60_000);

test('a change of the guidelines is told once, with what changed', async () => {
  const { page, facet } = await openScreen(numberedRows(4), '#/annotate');
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  const now = facet.services.project.current()?.settings.guidelines ?? '';
  await facet.services.guidelines.save(new Connection(), {
    text: `${now}\n\nA refusal without a reason is **bad**.`,
    note: 'Refusals',
  });
  await page.keyboard.press('1');
  const news = page.getByRole('status', { name: 'News of the guidelines' });
  await news.getByText('Refusals').waitFor();
  await page.keyboard.press('v');
  const pane = page.getByRole('complementary', { name: 'Guidelines' });
  await pane.getByRole('insertion').getByText('A refusal without a reason').waitFor();
  await news.waitFor({ state: 'hidden' });
  await pane.getByRole('button', { name: 'Read the guidelines' }).click();
  await pane.getByRole('button', { name: 'Edit' }).click();
  await page.reload();
  await page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
  expect(await news.count()).toBe(0);
}, 60_000);
