/** Verdicts in the real window: taken back and redone by name, kept through a failed save, a kill and a closing window. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DrivenWindow, launchFacet, pictureOfFailure, temporaryFolder } from '../helpers/facetWindow.ts';
import * as walk from '../helpers/walk.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let facet: DrivenWindow;
let project: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  project = join(folder.path, 'user', 'sample.facet');
  facet = await launchFacet(join(folder.path, 'user'));
});
afterEach(async ({ task }) => {
  await pictureOfFailure(facet, task);
  await facet.app.evaluate(({ app }) => app.exit(0)).catch(() => undefined);
  await folder.remove();
});

/** What stands in the file, by pair. */
function standing(): Record<string, string> {
  const database = new Sqlite(project, { readonly: true });
  const rows = database
    .prepare(
      `SELECT pair_id, decision FROM standing JOIN annotators ON annotators.id = annotator_id
       WHERE kind = 'person' ORDER BY pair_id`,
    )
    .raw()
    .all() as [number, string][];
  database.close();
  return Object.fromEntries(rows);
}

/** Another program writes the file: what is decided meanwhile can't be saved. */
function hold(): () => void {
  const other = new Sqlite(project);
  other.exec('BEGIN IMMEDIATE');
  return () => other.close();
}

const prompt = () => facet.page.getByRole('region', { name: 'Prompt' });
const undoButton = () => facet.page.getByRole('button', { name: /^Undo: / });
const saved = () => facet.page.getByRole('status').getByText('Saved').waitFor();
const notSaved = () => facet.page.getByText(/^Not saved/).waitFor({ timeout: 30_000 });
const offer = () => facet.page.getByRole('region', { name: 'Verdicts that were not saved' });
const exited = () => new Promise((resolve) => facet.app.process().once('exit', resolve));

/** Opens the sample again in a new window; the name is remembered. */
async function startAgain(): Promise<void> {
  facet = await launchFacet(join(folder.path, 'user'));
  await facet.page.getByRole('button', { name: /Open the sample/ }).click();
  await facet.page.getByRole('toolbar', { name: 'Verdict' }).waitFor();
}

/** Answers the next questions of the window by the name of a button; gives them back. */
async function closeAnswering(button: string): Promise<string[]> {
  return facet.app.evaluate(async ({ dialog, BrowserWindow }, wanted) => {
    const questions: string[] = [];
    dialog.showMessageBox = async (...args: unknown[]) => {
      const options = args.at(-1) as { message: string; buttons: string[] };
      questions.push(options.message);
      return { response: options.buttons.indexOf(wanted), checkboxChecked: false };
    };
    BrowserWindow.getAllWindows()[0]?.close();
    const end = Date.now() + 20_000;
    while (questions.length === 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
    return questions;
  }, button);
}

describe('the history', () => {
  test('is named on the button and the key, goes back over a second verdict, and forward', async () => {
    const { page } = facet;
    await walk.openSample(page);
    await page.keyboard.press('b');
    await saved();
    await page.keyboard.press('s');
    await saved();
    await page.evaluate(() => {
      window.location.hash = '#/annotate?pair=1';
    });
    await page.getByText('Pair 1 of').waitFor();
    await page.keyboard.press('3');
    await saved();
    expect(standing()).toEqual({ 1: 'tie', 2: 'skip' });
    await page.getByRole('button', { name: /^Undo: tie on “.*”; both bad stands again$/ }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Pair 1 of').waitFor();
    await page.getByRole('button', { name: /^Undo: skip on “/ }).waitFor();
    expect(standing()).toEqual({ 1: 'both_bad', 2: 'skip' });
    await page.getByRole('button', { name: /^Redo: tie on “/ }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Pair 2 of').waitFor();
    await page.getByRole('button', { name: /^Redo: skip on “/ }).waitFor();
    expect(standing()).toEqual({ 1: 'both_bad' });
    await page.keyboard.press('Shift+Z');
    await page.getByText('Pair 3 of').waitFor();
    await page.keyboard.press('Shift+Z');
    await page.getByRole('button', { name: /^Undo: tie on “/ }).waitFor();
    expect(standing()).toEqual({ 1: 'tie', 2: 'skip' });
  });
});

describe('a verdict that can not be saved', () => {
  test('is kept beside the project, survives a kill, and is offered at the next start', async () => {
    await walk.openSample(facet.page);
    const release = hold();
    const text = await prompt().textContent();
    await facet.page.keyboard.press('b');
    await notSaved();
    expect(existsSync(`${project}.unsaved.jsonl`)).toBe(true);
    const gone = exited();
    facet.app.process().kill('SIGKILL');
    await gone;
    release();
    expect(standing()).toEqual({});
    await startAgain();
    await offer()
      .getByText(/^Both bad on “/)
      .waitFor();
    expect(await prompt().textContent()).toBe(text);
    await offer().getByRole('button', { name: 'Save now' }).click();
    await offer().waitFor({ state: 'detached' });
    expect(standing()).toEqual({ 1: 'both_bad' });
    expect(existsSync(`${project}.unsaved.jsonl`)).toBe(false);
    await undoButton().waitFor();
  });

  test('keeps the window from closing unasked, and waits for the next start where that is wanted', async () => {
    await walk.openSample(facet.page);
    const release = hold();
    await facet.page.keyboard.press('b');
    await notSaved();
    await facet.page.keyboard.press('3');
    expect(await closeAnswering('Cancel')).toEqual(['2 verdicts are not saved yet']);
    expect(await facet.page.title()).toContain('Facet');
    const gone = exited();
    await closeAnswering('Close and offer them next time').catch(() => undefined);
    await gone;
    release();
    expect(standing()).toEqual({});
    await startAgain();
    await offer().getByRole('button', { name: 'Save now' }).click();
    await offer().waitFor({ state: 'detached' });
    expect(standing()).toEqual({ 1: 'both_bad', 2: 'tie' });
  });
});

describe('a large import', () => {
  const importDialog = () => facet.page.getByRole('dialog', { name: 'Import pairs' });
  const pairs = (): number => {
    const database = new Sqlite(project, { readonly: true });
    const count = database.prepare<[], number>('SELECT count(*) FROM pairs').pluck().get() as number;
    database.close();
    return count;
  };
  /** Begins to import 400,000 pairs into the sample. */
  async function beginImport(): Promise<void> {
    const rows = Array.from({ length: 400_000 }, (_, index) =>
      JSON.stringify({ prompt: `Question ${index}`, chosen: `yes ${index}`, rejected: `no ${index}` }),
    );
    const file = join(folder.path, 'many.jsonl');
    await writeFile(file, rows.join('\n'));
    const { page, app } = facet;
    await walk.openSample(page);
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, file);
    await page.keyboard.press('Alt+1');
    await page.getByRole('button', { name: /^Import/ }).click();
    await importDialog().getByRole('button', { name: 'Choose files…' }).click();
    await importDialog().getByRole('button', { name: 'Import 400,000 pairs' }).click({ timeout: 120_000 });
  }

  test('says how far it is and how long it takes; cancelled, it leaves nothing but what was said meanwhile', async () => {
    const { page } = facet;
    await beginImport();
    const share = () => importDialog().getByRole('progressbar', { name: 'Import' });
    await importDialog()
      .getByText(/^[\d,]+ of 400,\d{3} rows · .+ left$/)
      .waitFor();
    const before = Number(await share().getAttribute('aria-valuenow'));
    await expect
      .poll(async () => Number(await share().getAttribute('aria-valuenow')))
      .toBeGreaterThan(before);
    await importDialog().getByRole('button', { name: 'Go on in the background' }).click();
    await page.getByText(/^Importing many.jsonl · [\d,]+ of 400,\d{3} · .+ left$/).waitFor();
    await page.keyboard.press('Alt+2');
    await prompt().waitFor();
    await page.keyboard.press('b');
    await page.getByText('Pair 2 of').waitFor();
    await page.keyboard.press('Alt+1');
    await page.getByRole('button', { name: /^Importing many.jsonl/ }).click();
    await importDialog().getByRole('button', { name: 'Cancel', exact: true }).click();
    await importDialog().getByText('The import was cancelled; nothing was added.').waitFor();
    expect(pairs()).toBe(1120);
    await page.keyboard.press('Escape');
    await importDialog().waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+2');
    await page.getByText('Pair 2 of').waitFor();
    await page.keyboard.press('3');
    await page.getByText('Pair 3 of').waitFor();
    expect(standing()).toEqual({ 1: 'both_bad', 2: 'tie' });
  });

  test('is asked about when the window closes; ending it leaves nothing of it, and every verdict is saved', async () => {
    const { page } = facet;
    await beginImport();
    await page.keyboard.press('Alt+2');
    await prompt().waitFor();
    await page.keyboard.press('b');
    await page.getByText('Pair 2 of').waitFor();
    expect(await closeAnswering('Cancel')).toEqual(['An import is in progress']);
    await page.keyboard.press('3');
    const gone = exited();
    await closeAnswering('End the import and close').catch(() => undefined);
    await gone;
    expect(standing()).toEqual({ 1: 'both_bad', 2: 'tie' });
    expect(pairs()).toBe(1120);
  });
});
