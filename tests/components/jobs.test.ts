/** Runs that are trained elsewhere: the folder goes out by the form, its result comes back beside the runs. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootDir } from '../helpers/facetWindow.ts';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

test('a run of the form is written as a folder, which says what to type', async () => {
  const { page, facet } = await openScreen(numberedRows(12), '#/train?new=form');
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByRole('button', { name: /^Paper setting/ }).click();
  await form.getByRole('button', { name: 'Run elsewhere…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run elsewhere' });
  await dialog.getByText('On a model hub').click();
  const write = dialog.getByRole('button', { name: 'Write the folder' });
  await expect.poll(() => write.isDisabled()).toBe(true);
  await dialog.getByLabel('Repository').fill('organisation/name');
  await dialog.getByLabel('Commit').fill('0123abc');
  await write.click();
  await dialog.getByText('12 pairs, 12 prompts').waitFor();
  await dialog.getByText('sbatch slurm.sbatch --precision bfloat16').waitFor();
  const folder = (await dialog.getByText(/job-\d{4}-/).textContent()) ?? '';
  expect(folder.startsWith(`${facet.services.project.current()?.path}.files`)).toBe(true);
  const job = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')) as Record<string, unknown>;
  expect(job).toMatchObject({ pairs: 12, model: { hub: 'organisation/name', revision: '0123abc' } });
});

test('a result becomes a run, another file is refused and changes nothing', async () => {
  const fixture = join(rootDir, 'tests', 'fixtures', 'job');
  const lines = (await readFile(join(fixture, 'pairs.jsonl'), 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as object);
  const { page, facet } = await openScreen(rows, '#/train');
  const { id } = JSON.parse(await readFile(join(fixture, 'record', 'record.json'), 'utf8')) as { id: string };
  await facet.services.models.list();
  const files = `${facet.services.project.current()?.path}.files`;
  await cp(join(fixture, 'record'), join(files, 'jobs', id), { recursive: true });

  await page.getByRole('button', { name: 'Take a result…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take the result of a job' });
  const choose = async (path: string) => {
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose result.zip…' }).click();
    await (await chooser).setFiles(path);
  };
  await choose(join(rootDir, 'package.json'));
  await dialog.getByRole('alert').waitFor();
  expect(facet.services.runs.list()).toEqual([]);
  await choose(join(fixture, 'result.zip'));
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Far away' }).waitFor();
  expect(facet.services.runs.list()).toMatchObject([{ name: 'Far away', step: 6, state: 'finished' }]);
});
