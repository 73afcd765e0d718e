/** An error that nobody foresaw in the window's main process: it is said, a report is kept here, and the app ends. Before it, what the window runs on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchFacet, temporaryFolder } from '../helpers/facetWindow.ts';

test('a crash is said, and its report holds no place, token or text', async () => {
  const folder = await temporaryFolder();
  const userDir = join(folder.path, 'user');
  const facet = await launchFacet(userDir);
  try {
    await facet.page.getByRole('button', { name: /Open the sample/ }).waitFor();
    await facet.page.evaluate(() => {
      window.location.hash = '#/settings';
    });
    await facet.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      shell.openPath = async (path) => (opened.push(path) ? '' : '');
      Object.assign(globalThis, { opened });
    });
    const about = facet.page.getByRole('region', { name: 'About' });
    await about.getByRole('button', { name: 'Chromium’s licences' }).waitFor();
    for (const name of ['Electron’s licence', 'Chromium’s licences'])
      await about.getByRole('button', { name }).click();
    const opened = () => facet.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
    await expect.poll(async () => (await opened()).length).toBe(2);
    const [electron = '', chromium = ''] = await opened();
    expect(readFileSync(electron, 'utf8')).toContain('Electron contributors');
    expect(readFileSync(chromium, 'utf8')).toContain('The Chromium Authors');
    const ended = new Promise<number | null>((resolve) => facet.app.process().once('exit', resolve));
    await facet.app.evaluate(({ dialog }, path) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
      setTimeout(() => {
        throw new TypeError(`no pairs in ${path} for hf_abcdefghijklmnopqrstuvwxyz`);
      }, 100);
    }, folder.path);
    expect(await ended).toBe(1);
    const reports = join(userDir, 'crash-reports');
    const [name = ''] = readdirSync(reports);
    const report = readFileSync(join(reports, name), 'utf8');
    expect(report).toContain('met an error in its main process');
    expect(report).toContain('TypeError');
    for (const secret of [folder.path, 'hf_abc']) expect(report).not.toContain(secret);
  } finally {
    await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
    await folder.remove();
  }
});
