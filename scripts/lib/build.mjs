import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { cacheDir, nodePath, outDir, rootDir } from './paths.mjs';
import { run } from './process.mjs';

const stampPath = join(cacheDir, 'build-stamp');
const outputs = [
  'main/index.js',
  'main/cli.js',
  'main/worker.js',
  'main/codesProcess.js',
  'main/importThread.js',
  'main/passThread.js',
  'main/readProcess.js',
  'preload/index.cjs',
  'renderer/index.html',
];

function sourceFiles(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Changes whenever anything that the build reads changes. */
export function sourceHash() {
  const hash = createHash('sha256');
  const settings = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];
  for (const file of [...settings.map((name) => join(rootDir, name)), ...sourceFiles(join(rootDir, 'src'))]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Builds the app unless what is built is of the present sources. */
export async function ensureBuild() {
  const wanted = sourceHash();
  const current = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
  if (current === wanted && outputs.every((name) => existsSync(join(outDir, name)))) return;
  await step('building', async () => {
    const tool = join(rootDir, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const { status, output } = await run(nodePath, [tool, 'build', '--logLevel', 'warn'], { capture: true });
    if (status !== 0)
      throw new SetupError(`the build failed:\n${output.trim()}`, 'correct the source it names');
  });
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(stampPath, wanted);
}
