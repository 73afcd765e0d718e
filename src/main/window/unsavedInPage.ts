/** What the page has not saved yet, and the wait for it. */
import type { BrowserWindow } from 'electron';

export interface Unsaved {
  readonly pending: number;
  /** Why the first of them could not be saved; null while it is on its way. */
  readonly failure: string | null;
}
const NOTHING: Unsaved = { pending: 0, failure: null };

/** A page that is stuck must not keep the window from closing; what it held back is in its own store. */
const ANSWER_MS = 1000;
const LOOK_EVERY_MS = 30;

const READ =
  'window.facetUnsaved ? (({ pending, failure }) => ({ pending, failure }))(window.facetUnsaved()) : null';

/** Null where the page doesn't answer. */
async function readUnsaved(window: BrowserWindow): Promise<Unsaved | null> {
  if (window.isDestroyed() || window.webContents.isCrashed()) return null;
  const late = new Promise<null>((resolve) => setTimeout(resolve, ANSWER_MS, null));
  const answer = window.webContents.executeJavaScript(READ);
  return Promise.race([answer as Promise<Unsaved | null>, late]);
}

/** Waits while verdicts are on their way, up to `longestMs`; gives what is left: nothing, or what hinders it. */
export async function waitForSaving(window: BrowserWindow, longestMs: number): Promise<Unsaved> {
  const end = Date.now() + longestMs;
  for (;;) {
    const unsaved = await readUnsaved(window);
    if (unsaved === null) return NOTHING;
    if (unsaved.pending === 0 || unsaved.failure !== null || Date.now() > end) return unsaved;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export async function tryAgain(window: BrowserWindow): Promise<void> {
  await window.webContents.executeJavaScript('window.facetUnsaved().retry()');
}
