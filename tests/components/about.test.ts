/** What Facet says of itself, and of those whose work it hands on. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('the box names the engines, and the licences of every package can be read', async () => {
  const { page } = await openScreen([], '#/settings');
  const about = page.getByRole('region', { name: 'About' });
  await about.getByText(/^ONNX Runtime \d+\.\d+\.\d+, TensorFlow\.js \d/).waitFor();
  await about.getByRole('button', { name: 'Licences…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Licences' });
  await dialog
    .getByRole('status')
    .filter({ hasText: /^[12]\d\d packages$/ })
    .waitFor();
  const field = dialog.getByRole('textbox', { name: 'Find a package or a licence' });
  await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
  await field.fill('better-sqlite3');
  await dialog.getByRole('status').filter({ hasText: '1 package' }).waitFor();
  await dialog.getByText('better-sqlite3').click();
  await dialog.getByText('Permission is hereby granted, free of charge').waitFor();
  await field.fill('no such package');
  await dialog.getByRole('status').filter({ hasText: '0 packages' }).waitFor();
  // A browser has its own.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await about.getByRole('button', { name: /Chromium/ }).count()).toBe(0);
});
