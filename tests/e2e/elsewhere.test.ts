/** A job sent from the window to a Ray cluster, which a small server in the form of Ray's own plays. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRayServer } from '#main/job/ray/testRayServer.ts';
import { launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

test('a job is sent to a Ray cluster by the form, watched, and stopped', async ({ task }) => {
  const cluster = await startRayServer();
  const folder = await temporaryFolder();
  const facet = await launchFacet(join(folder.path, 'user'));
  const { page } = facet;
  try {
    await walk.openSample(page);
    await page.keyboard.press('Alt+3');
    await page
      .getByRole('button', { name: /^New run/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Run elsewhere…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run elsewhere' });
    await dialog.getByLabel('Folder', { exact: true }).fill(folder.path);
    // A folder that was typed is asked about.
    await facet.app.evaluate(({ dialog: system }) => {
      system.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    });
    await dialog.getByRole('button', { name: 'Write the folder' }).click();
    await dialog.getByRole('button', { name: 'Send to a Ray cluster…' }).click();
    const send = dialog.getByRole('button', { name: 'Send', exact: true });
    expect(await send.isDisabled()).toBe(true);
    await dialog.getByLabel('Address of the cluster’s dashboard').fill('http://127.0.0.1:9');
    await dialog.getByLabel('Result folder').fill('/shared/result');
    await send.click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Address of the cluster’s dashboard').fill(cluster.address);
    await send.click();
    await dialog.getByText('On Ray: running').waitFor();
    await dialog.getByRole('log').getByText('line 299').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('A job was sent to 127.0.0.1:').waitFor();

    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Take a result…' }).first().click();
    const taking = page.getByRole('dialog', { name: 'Take the result of a job' });
    await taking.getByRole('button', { name: 'On Ray' }).click();
    await taking.getByRole('button', { name: 'Stop' }).click();
    await taking.getByText('On Ray: stopped').waitFor();
    await taking.getByRole('button', { name: 'Name its result' }).click();
    expect(await taking.getByLabel('result.zip, or the folder result').inputValue()).toBe('/shared/result');
    expect(cluster.submitted).toHaveLength(1);
  } finally {
    await pictureOfFailure(facet, task);
    await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
    await folder.remove();
  }
});
