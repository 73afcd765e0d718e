/** Where the licences of Electron and Chromium lie: beside the runtime, or where a package puts them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shell } from 'electron';
import { FacetError } from '#core/result.ts';

const NAMES = {
  // electron-builder gives Electron's own another name, beside which the application's can lie.
  electron: ['LICENSE.electron.txt', 'LICENSE'],
  chromium: ['LICENSES.chromium.html'],
} as const;

/** On macOS the runtime's folder is that of its bundle. */
const folders = (): string[] => [
  dirname(process.execPath),
  process.resourcesPath,
  join(dirname(process.execPath), '..', '..', '..'),
];

/** Opens the file in whatever the system shows such files with. */
export async function openRuntimeLicences(of: 'electron' | 'chromium'): Promise<void> {
  const places = folders().flatMap((folder) => NAMES[of].map((name) => join(folder, name)));
  const path = places.find((place) => existsSync(place));
  const refused = path === undefined ? 'there is no such file' : await shell.openPath(path);
  if (refused === '') return;
  throw new FacetError({
    code: 'app.licences',
    message: `The licences of ${of === 'electron' ? 'Electron' : 'Chromium'} could not be shown: ${refused}.`,
    fix: `They are in ${NAMES[of][0]} in the folder of the application.`,
  });
}
