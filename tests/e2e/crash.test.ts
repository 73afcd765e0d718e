/** An error that nobody foresaw in the window's main process: it is said, a report is kept here, and the app ends. */
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
    expect(report).toContain('ended in its main process');
    expect(report).toContain('TypeError');
    for (const secret of [folder.path, 'hf_abc']) expect(report).not.toContain(secret);
  } finally {
    await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
    await folder.remove();
  }
});
