/** A crash of the window's main process or of its page: a report is kept on this machine, and nothing is sent. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { app, dialog, shell, type WebContents } from 'electron';
import { crashReport } from '#core/crashReport.ts';
import { toFailure } from '#core/result.ts';
import { writeSmallFile } from '#disk/smallFile.ts';

const KEPT = 10;

interface Crashes {
  /** Keeps a report; gives its path. */
  keep(where: string, error: unknown): string;
}

function keptReports(userDataDir: string, version: string): Crashes {
  const folder = join(userDataDir, 'crash-reports');
  return {
    keep: (where, error) => {
      mkdirSync(folder, { recursive: true });
      const at = new Date().toISOString();
      const path = join(folder, `facet-${at.replace(/[:.]/g, '-')}.txt`);
      const runtime = `Electron ${process.versions.electron}, ${process.platform} ${release()}, ${process.arch}`;
      writeSmallFile(path, crashReport({ where, version, runtime, at, error }));
      for (const name of readdirSync(folder).sort().slice(0, -KEPT)) rmSync(join(folder, name));
      return path;
    },
  };
}

/** Says what happened and where the report lies, then ends: what is in memory can't be trusted, and all of value is on the disk. */
export function handleCrashes(userDataDir: string, version: string): void {
  const reports = keptReports(userDataDir, version);
  /** Null on a disk that takes no report: that is no reason for another crash. */
  const kept = (where: string, error: unknown): string | null => {
    try {
      return reports.keep(where, error);
    } catch (unkept) {
      process.stderr.write(`no report could be kept: ${toFailure(unkept).message}\n`);
      return null;
    }
  };
  let isEnding = false;
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (isEnding) return;
    isEnding = true;
    void tell(kept('its main process', error)).finally(() => app.exit(1));
  });
  app.on('render-process-gone', (_event, _contents: WebContents, { reason, exitCode }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    kept(`its page (${reason}, ${exitCode}), which was loaded again`, null);
  });
}

async function tell(path: string | null): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Facet',
    message: 'Facet met an error from which it can’t go on',
    detail: `Every verdict that was saved and every checkpoint is safe. ${path === null ? 'No report could be kept, as the disk takes nothing.' : `A report without texts, folders or tokens is kept on this machine; nothing was sent:\n\n${path}`}`,
    buttons: path === null ? ['Quit'] : ['Quit', 'Show the report'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1 && path !== null) shell.showItemInFolder(path);
}
