/** The import dialog: several files, each with its own result, and fields that a person maps. */
import { expect, test } from 'vitest';
import { closeBrowserAfterAll, numberedRows, openScreen } from '../helpers/screenTest.ts';

closeBrowserAfterAll();

const file = (name: string, rows: readonly unknown[]) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
});
const unnamed = (word: string) =>
  [0, 1].map((number) => ({ q: `${word} ${number}?`, x: 'Yes.', y: 'No.', w: number }));

test('takes several files, reads one by a mapping, and remembers it', async () => {
  const { page } = await openScreen(numberedRows(2), '#/library');
  const dialog = page.getByRole('dialog', { name: 'Import pairs' });
  const choose = async (...files: ReturnType<typeof file>[]) => {
    await page.getByRole('grid', { name: 'Pairs' }).focus();
    await page.keyboard.press('i');
    await dialog.waitFor();
    await page.locator('input[type=file]').first().setInputFiles(files);
  };
  const known = [
    { prompt: 'Why?', chosen: 'So.', rejected: 'Because.' },
    { prompt: 'Half', chosen: 'Yes.' },
  ];
  await choose(file('known.jsonl', known), file('unnamed.jsonl', unnamed('Is it')));
  await dialog.getByRole('button', { name: 'Import 1 pair from 1 file' }).waitFor();
  await dialog.getByRole('cell', { name: 'is missing', exact: true }).waitFor();

  await dialog.getByRole('button', { name: /^unnamed\.jsonl/ }).click();
  const map = async (part: string, field: string) => {
    await dialog.getByRole('combobox', { name: part, exact: true }).click();
    await page.getByRole('option', { name: field, exact: true }).click();
  };
  await map('Prompt', 'q');
  await map('Reply A', 'x');
  await map('Reply B', 'y');
  await map('Verdict', 'w');
  const values = dialog.getByRole('textbox', { name: 'Values of the verdict' });
  await values.fill('0=a, 1=b');
  await values.press('Enter');
  await dialog.getByRole('button', { name: 'Import 3 pairs from 2 files' }).click();
  await dialog.getByRole('button', { name: /^known\.jsonl.*1 pair added/ }).waitFor();
  await dialog.getByRole('button', { name: /^unnamed\.jsonl.*2 pairs added/ }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await choose(file('more.jsonl', unnamed('And this')));
  await dialog.getByText('Read as an earlier file with these fields was.').waitFor();
  await dialog.getByRole('button', { name: 'Import 2 pairs' }).waitFor();
  expect(await dialog.getByText('second preferred').count()).toBe(1);
});

test('a saved report names the files as they were chosen, and what is wrong where', async () => {
  const { page } = await openScreen(numberedRows(2), '#/library');
  const dialog = page.getByRole('dialog', { name: 'Import pairs' });
  await page.getByRole('grid', { name: 'Pairs' }).focus();
  await page.keyboard.press('i');
  await dialog.waitFor();
  const rows = [
    { prompt: 'Why?', chosen: 'So.', rejected: 'Because.' },
    { prompt: 'Half', chosen: 'Yes.' },
  ];
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([file('known.jsonl', rows)]);
  await dialog.getByRole('cell', { name: 'is missing', exact: true }).waitFor();
  // What a person would save is what the page hands to the browser.
  const saved = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const make = URL.createObjectURL.bind(URL);
        URL.createObjectURL = (blob) => {
          if (blob instanceof Blob) void blob.text().then(resolve);
          return make(blob);
        };
      }),
  );
  await dialog.getByRole('button', { name: 'Save report…' }).click();
  const report = JSON.parse(await saved) as unknown;
  expect(report).toMatchObject({
    files: [
      {
        file: 'known.jsonl',
        rows: 2,
        added: 1,
        refused: 1,
        problems: [{ file: 'known.jsonl', row: 2, field: 'rejected', found: 'is missing' }],
      },
    ],
  });
});

test('a rated reply alone is left out until it is said from which score on it is good', async () => {
  const { page } = await openScreen(numberedRows(2), '#/library');
  const dialog = page.getByRole('dialog', { name: 'Import pairs' });
  await page.getByRole('grid', { name: 'Pairs' }).focus();
  await page.keyboard.press('i');
  await dialog.waitFor();
  const rated = [5, 4, 2, 1].map((score, index) => ({
    prompt: `Why ${index}?`,
    response: `So ${index}.`,
    score,
  }));
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([file('rated.jsonl', rated)]);
  const good = dialog.getByRole('textbox', { name: 'A rated reply alone is good from' });
  await good.waitFor();
  await dialog
    .getByText('say from which score on a reply is good: “A rated reply alone is good from”')
    .first()
    .waitFor();
  await good.fill('3');
  await dialog.getByRole('button', { name: 'Import 4 single replies' }).waitFor();
  const sample = dialog.getByRole('region', { name: 'First rows' });
  expect((await sample.locator('> div').allTextContents()).map((line) => line.split(' ')[0])).toEqual([
    ...['good', 'good', 'bad', 'bad'],
  ]);

  await dialog.getByRole('button', { name: 'Import 4 single replies' }).click();
  await dialog.getByText('4 single').first().waitFor();
});
