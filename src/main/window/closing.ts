/** Closing the window asks where something would be lost by it; otherwise it saves what has to be saved and quits. */
import { basename } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Facet } from '../app.ts';
import { rememberWindow } from './createWindow.ts';
import { tryAgain, type Unsaved, waitForSaving } from './unsavedInPage.ts';

const STOP_RUN = 'Stop and save';
const KEEP_TRAINING = 'Keep training in the background';
const CLOSE_AFTER_IMPORT = 'Close when it is done';
const END_IMPORT = 'End the import and close';
const TRY_AGAIN = 'Try again';
const OFFER_LATER = 'Close and offer them next time';
const CANCEL = 'Cancel';

/** A verdict is on disk in milliseconds; one that takes longer is asked about, or kept beside the project. */
const SAVING_MS = 3000;

function runningRun(facet: Facet): number | null {
  if (!facet.services.project.current()) return null;
  const run = facet.services.runs
    .list()
    .find(({ state }) => ['running', 'stopping', 'pausing'].includes(state));
  return run?.id ?? null;
}

const report = (error: unknown) =>
  process.stderr.write(`closing: ${error instanceof Error ? error.stack : String(error)}\n`);

/** The last of `buttons` changes nothing. */
async function ask<Button extends string>(
  window: BrowserWindow,
  message: string,
  detail: string,
  buttons: readonly Button[],
): Promise<Button | typeof CANCEL> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Facet',
    message,
    detail,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: buttons.length - 1,
    noLink: true,
  });
  return buttons[response] ?? CANCEL;
}

const askAboutRun = (window: BrowserWindow) =>
  ask(window, 'A run is training', 'Stopping writes a checkpoint of the steps taken so far.', [
    STOP_RUN,
    KEEP_TRAINING,
    CANCEL,
  ]);

const askAboutImport = (window: BrowserWindow, files: readonly string[]) =>
  ask(
    window,
    'An import is in progress',
    `Nothing of ${files.map((file) => basename(file)).join(', ')} is in the project until the import is done. Verdicts are saved either way.`,
    [CLOSE_AFTER_IMPORT, END_IMPORT, CANCEL],
  );

function askAboutVerdicts(window: BrowserWindow, { pending, failure }: Unsaved) {
  const [message, them] =
    pending === 1 ? ['A verdict is not saved yet', 'it'] : [`${pending} verdicts are not saved yet`, 'them'];
  const why = failure === null ? 'Saving takes longer than it should.' : `Your last try: ${failure}.`;
  return ask(window, message, `${why} Facet keeps ${them} and offers ${them} at the next start.`, [
    TRY_AGAIN,
    OFFER_LATER,
    CANCEL,
  ]);
}

export interface Closing {
  /** Stops a run, closes the project, ends the compute process and quits; asking again changes nothing. */
  quit(): Promise<void>;
}

export function handleClosing(window: BrowserWindow, facet: Facet, statePath: string): Closing {
  let quitting: Promise<void> | null = null;
  let asking = false;
  let attempts = 0;

  async function saveAndQuit(): Promise<void> {
    try {
      await waitForSaving(window, SAVING_MS);
      if (!window.isDestroyed()) {
        // On a disk that takes nothing the rest is closed as ever.
        await rememberWindow(window, statePath).catch(report);
        window.webContents.session.flushStorageData();
        window.hide();
      }
      await facet.dispose();
      app.exit(0);
    } catch (error) {
      report(error);
      app.exit(1);
    }
  }
  const quit = () => {
    quitting ??= saveAndQuit();
    return quitting;
  };

  /** Out of sight until the run ends; starting Facet again brings the window back. */
  async function keepTraining(runId: number): Promise<void> {
    window.hide();
    await facet.services.runs.wait(runId);
    if (!window.isVisible()) await quit();
  }

  /** False where the person would rather stay. */
  async function mayLeaveVerdicts(): Promise<boolean> {
    for (;;) {
      const unsaved = await waitForSaving(window, SAVING_MS);
      if (unsaved.pending === 0) return true;
      const choice = await askAboutVerdicts(window, unsaved);
      if (choice === OFFER_LATER) return true;
      if (choice === CANCEL) return false;
      await tryAgain(window);
    }
  }

  async function mayLeaveImport(): Promise<boolean> {
    const files = facet.services.library.importing();
    if (files.length === 0) return true;
    const choice = await askAboutImport(window, files);
    if (choice !== CLOSE_AFTER_IMPORT) return choice === END_IMPORT;
    asking = false;
    const mine = attempts;
    await facet.services.library.importsEnded();
    // Asked again meanwhile: that answer counts.
    if (mine !== attempts) return false;
    asking = true;
    return true;
  }

  async function decide(): Promise<void> {
    if (!(await mayLeaveImport()) || !(await mayLeaveVerdicts())) return;
    const runId = runningRun(facet);
    if (runId === null) return quit();
    const choice = await askAboutRun(window);
    if (choice === STOP_RUN) return quit();
    if (choice === KEEP_TRAINING) void keepTraining(runId).catch(report);
  }

  window.on('close', (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    attempts += 1;
    const mine = attempts;
    decide()
      .catch(report)
      .finally(() => {
        if (mine === attempts) asking = false;
      });
  });
  return { quit };
}
