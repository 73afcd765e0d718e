/** A page that was taken over names places of the disk by itself: main asks the person first, in a dialog that no page can answer. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import { callOfPage } from '../helpers/hostileScripts.ts';

/** A call of the page's own making, over a port of its own; gives the answer as text. */
const ask = (message: string) =>
  new Promise<string>((resolve) => {
    window.addEventListener(
      'message',
      function take({ data, ports: [port] }) {
        if (data !== 'facet:port' || port === undefined) return;
        window.removeEventListener('message', take);
        port.onmessage = (event) => resolve(String(event.data));
        port.postMessage(message);
      },
      false,
    );
    window.postMessage('facet:connect', '*');
  });

test('a place that nobody chose is asked for; what a dialog gave is not', async ({ task }) => {
  const folder = await temporaryFolder();
  const facet = await launchFacet(join(folder.path, 'user'));
  const { app, page } = facet;
  const forged = join(folder.path, 'forged.facet');
  const typed = join(folder.path, 'typed.facet');
  const chosen = join(folder.path, 'chosen.facet');
  try {
    await page.getByRole('button', { name: /Open the sample/ }).waitFor();
    const call = JSON.parse(await page.evaluate(callOfPage)) as { p: { u: string; b?: unknown } };
    const said = (name: string, json: unknown): Promise<string> => {
      const [before = ''] = call.p.u.split(/\/[^/]+\/[^/]+$/);
      return page.evaluate(
        ask,
        JSON.stringify({ ...call, p: { ...call.p, u: `${before}/${name}`, b: { json } } }),
      );
    };
    await app.evaluate(({ dialog }, path) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked, agrees: false });
      dialog.showMessageBox = (async (...args: unknown[]) => {
        asked.push(String((args.at(-1) as { detail?: string }).detail).split('\n')[0] ?? '');
        return { response: (globalThis as unknown as { agrees: boolean }).agrees ? 0 : 1 };
      }) as never;
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
    }, chosen);
    const asked = () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

    // Written and read.
    expect(await said('project/create', { path: forged, name: 'Forged' })).toContain('window.not-chosen');
    expect(await said('library/preview', { file: '/etc/passwd' })).toContain('window.not-chosen');
    expect(existsSync(forged)).toBe(false);
    expect(await asked()).toEqual([forged, '/etc/passwd']);

    expect(await said('app/pickFile', { purpose: 'new-project' })).toContain('chosen.facet');
    expect(await said('project/create', { path: chosen, name: 'Chosen' })).not.toContain('window.not-chosen');
    expect(readFileSync(chosen).length).toBeGreaterThan(0);
    expect(await asked()).toHaveLength(2);

    await app.evaluate(() => void Object.assign(globalThis, { agrees: true }));
    expect(await said('project/create', { path: typed, name: 'Typed' })).toContain('Typed');
    // One that was open before is known, after a restart too.
    expect(await said('project/open', { path: chosen })).toContain('Chosen');
    expect(await asked()).toEqual([forged, '/etc/passwd', typed]);
  } finally {
    await pictureOfFailure(facet, task);
    await facet.app.evaluate(({ app: electron }) => electron.exit(0)).catch(() => undefined);
    await folder.remove();
  }
});
