import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { FilePurpose } from '../api/Host.ts';

const projectFilter = { name: 'Facet project', extensions: ['facet'] };
const openOptions: Readonly<Record<Exclude<FilePurpose, 'new-project' | 'export'>, OpenDialogOptions>> = {
  project: { title: 'Open project', properties: ['openFile'], filters: [projectFilter] },
  model: { title: 'Choose a model folder', properties: ['openDirectory'] },
  result: {
    title: 'Choose the result of a job',
    properties: ['openFile'],
    filters: [{ name: 'Result of a job', extensions: ['zip'] }],
  },
  folder: { title: 'Choose a folder', properties: ['openDirectory', 'createDirectory'] },
};

/** The system's own file dialog over the window; null when cancelled. */
export async function pickFile(
  window: BrowserWindow,
  purpose: FilePurpose,
  name?: string,
): Promise<string | null> {
  if (purpose !== 'new-project' && purpose !== 'export') {
    const chosen = await dialog.showOpenDialog(window, openOptions[purpose]);
    return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
  }
  const saved = await dialog.showSaveDialog(
    window,
    purpose === 'export'
      ? { title: 'Export pairs and labels', defaultPath: join(homedir(), name ?? 'pairs.jsonl') }
      : {
          title: 'New project',
          defaultPath: join(homedir(), name ?? 'preferences.facet'),
          filters: [projectFilter],
        },
  );
  return saved.canceled || !saved.filePath ? null : saved.filePath;
}

/** Files to import, or a folder of them; not both in one dialog on every system. */
export async function pickFiles(window: BrowserWindow, what: 'files' | 'folder'): Promise<string[]> {
  const chosen = await dialog.showOpenDialog(
    window,
    what === 'folder'
      ? { title: 'Import a folder of files', properties: ['openDirectory'] }
      : {
          title: 'Import preference pairs',
          properties: ['openFile', 'multiSelections'],
          filters: [
            {
              name: 'Preference pairs',
              extensions: 'jsonl ndjson json csv tsv txt parquet arrow feather gz zst zip'.split(' '),
            },
            { name: 'All files', extensions: ['*'] },
          ],
        },
  );
  return chosen.canceled ? [] : chosen.filePaths;
}
