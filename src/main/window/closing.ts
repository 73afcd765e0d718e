/** Closing the window while a run is going asks; otherwise it saves what has to be saved and quits. */
import { app, type BrowserWindow, dialog } from 'electron';
import type { Facet } from '../app.ts';
import { rememberWindow } from './createWindow.ts';

const choices = ['Stop and save', 'Keep training in the background', 'Cancel'] as const;

function runningRun(facet: Facet): number | null {
  if (!facet.services.project.current()) return null;
  const run = facet.services.runs
    .list()
    .find(({ state }) => ['running', 'stopping', 'pausing'].includes(state));
  return run?.id ?? null;
}

const report = (error: unknown) =>
  process.stderr.write(`closing: ${error instanceof Error ? error.stack : String(error)}\n`);

async function ask(window: BrowserWindow): Promise<(typeof choices)[number]> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Facet',
    message: 'A run is training',
    detail: 'Stopping writes a checkpoint of the steps taken so far.',
    buttons: [...choices],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return choices[response] ?? 'Cancel';
}

export interface Closing {
  /** Stops a run, closes the project, ends the compute process and quits; asking again changes nothing. */
  quit(): Promise<void>;
}

export function handleClosing(window: BrowserWindow, facet: Facet, statePath: string): Closing {
  let quitting: Promise<void> | null = null;
  let asking = false;

  async function saveAndQuit(): Promise<void> {
    try {
      if (!window.isDestroyed()) {
        await rememberWindow(window, statePath);
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

  async function decide(): Promise<void> {
    const runId = runningRun(facet);
    if (runId === null) return quit();
    asking = true;
    const choice = await ask(window).finally(() => {
      asking = false;
    });
    if (choice === 'Stop and save') return quit();
    if (choice === 'Keep training in the background') return keepTraining(runId);
  }

  window.on('close', (event) => {
    event.preventDefault();
    if (!asking) decide().catch(report);
  });
  return { quit };
}
