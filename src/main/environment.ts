/** Where things are on this machine, the same for the window, the server and the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder that holds `package.json`, `resources` and `out`, from wherever this file was bundled to. */
function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}

export const rootDir = findRoot(import.meta.dirname);
/** Native code reads the resources too, which a package keeps beside its archive. */
export const resourcesDir = join(rootDir.endsWith('.asar') ? `${rootDir}.unpacked` : rootDir, 'resources');
export const rendererDir = join(rootDir, 'out', 'renderer');
export const preloadPath = join(rootDir, 'out', 'preload', 'index.cjs');

/** A program of its own: the built one beside a built main, else the source, which Node 24 runs as it is. */
const entry = (source: string, built: string): string =>
  import.meta.filename.endsWith('.ts') ? join(rootDir, 'src', source) : join(rootDir, 'out', 'main', built);
export const workerEntry = entry(join('worker', 'index.ts'), 'worker.js');

/** A thread, and a process that may be started as one, is always JavaScript; `scripts/lib/threads.mjs` says why, and makes it for a main that runs from source. */
const thread = (name: string): string =>
  join(rootDir, 'out', import.meta.filename.endsWith('.ts') ? 'threads' : 'main', `${name}.js`);
export const readProcessEntry = thread('readProcess');
export const codesProcessEntry = thread('codesProcess');
export const importThreadEntry = thread('importThread');
export const passThreadEntry = thread('passThread');

/** Release and, where the build knew it, the commit: `0.1.0+1a2b3c4`. */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as { version: string };
  // The build replaces the whole expression by a literal.
  const commit = process.env.FACET_COMMIT;
  return commit ? `${version}+${commit}` : version;
}

/** Recent projects, the sample project and caches; `FACET_USER_DATA` overrides the system's usual place. */
export function userDataDir(): string {
  const override = process.env.FACET_USER_DATA;
  if (override) return override;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Facet');
  if (process.platform === 'win32') {
    return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Facet');
  }
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Facet');
}
