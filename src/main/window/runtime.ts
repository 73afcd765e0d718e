import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where `scripts/lib/electron.mjs` unpacked a copy that somebody else published, its name and hash lie beside. */
export function windowRuntime(executable = process.execPath): { name: string; isOfficial: boolean } {
  const note = join(dirname(executable), 'integrity');
  if (!existsSync(note)) return { name: `Electron ${process.versions.electron}`, isOfficial: true };
  const [name = ''] = readFileSync(note, 'utf8').split(' ');
  return { name, isOfficial: false };
}
