/** A project that the system asks the app to open: by a double click, or named when the app is started. */
import { basename } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import { toFailure } from '#core/result.ts';
import type { Facet } from '../app.ts';
import { waitForSaving } from './unsavedInPage.ts';

const SAVING_MS = 3000;

async function sayFailure(window: BrowserWindow | null, path: string, error: unknown): Promise<void> {
  const { message, fix } = toFailure(error);
  const said = { type: 'error', title: 'Facet', message: `${basename(path)} could not be opened` } as const;
  const detail = [message, fix].filter(Boolean).join('\n');
  await (window
    ? dialog.showMessageBox(window, { ...said, detail })
    : dialog.showMessageBox({ ...said, detail }));
}

/** Before there is a window. */
export async function openAtStart(facet: Facet, path: string): Promise<void> {
  try {
    await facet.services.project.open(path);
  } catch (error) {
    await sayFailure(null, path, error);
  }
}

/** In the place of what is open, once its verdicts are saved and where the person agrees. */
export async function openInWindow(facet: Facet, window: BrowserWindow, path: string): Promise<void> {
  const present = facet.services.project.current();
  if (present?.path === path) return;
  if (present) {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'Facet',
      message: `Open ${basename(path)}?`,
      detail: `It takes the place of ${present.name}. A run that is training there is stopped, with a checkpoint.`,
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    if (response !== 0) return;
    await waitForSaving(window, SAVING_MS);
  }
  try {
    await facet.services.project.open(path);
    window.webContents.reload();
  } catch (error) {
    await sayFailure(window, path, error);
  }
}
