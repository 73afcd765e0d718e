/** What of `node_modules` a package needs: the page's own libraries are in its bundle already. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { outDir, rootDir } from './paths.mjs';

const modules = join(rootDir, 'node_modules');
const builtIn = new Set(builtinModules);
const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const SPECIFIER = /(?:from|import)\s*\(?\s*["']([^"'./#][^"'\s]*)["']|resolve\(["'](@?[\w-][\w./-]*)["']\)/g;

/** `@scope/name` or `name` of what is imported. */
function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function imported(folder) {
  const found = new Set();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.c?js$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, one, other] of text.matchAll(SPECIFIER)) {
      const name = packageOf(one ?? other);
      if (!name.startsWith('node:') && !builtIn.has(name) && existsSync(join(modules, name))) found.add(name);
    }
  }
  return found;
}

/** Direct dependencies of the project, by name, that no program but the page reaches. */
export function rendererOnly() {
  const { dependencies } = manifest(rootDir);
  const needed = new Set();
  const take = (name) => {
    const folder = join(modules, name);
    if (needed.has(name) || !existsSync(folder)) return;
    needed.add(name);
    for (const other of Object.keys(manifest(folder).dependencies ?? {})) take(other);
  };
  for (const name of imported(join(outDir, 'main'))) take(name);
  const all = new Set();
  const reach = (name) => {
    const folder = join(modules, name);
    if (all.has(name) || !existsSync(folder)) return;
    all.add(name);
    const { dependencies: own = {}, peerDependencies: peers = {} } = manifest(folder);
    for (const other of Object.keys({ ...own, ...peers })) reach(other);
  };
  for (const name of Object.keys(dependencies)) reach(name);
  return [...all].filter((name) => !needed.has(name)).sort();
}
