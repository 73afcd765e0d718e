import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceHash } from './build.mjs';
import { cacheDir, outDir, rootDir } from './paths.mjs';

const stampPath = join(cacheDir, 'threads-stamp');
const folder = join(outDir, 'threads');
const entries = {
  readProcess: join(rootDir, 'src', 'main', 'read', 'readProcess.ts'),
  codesProcess: join(rootDir, 'src', 'main', 'codes', 'codesProcess.ts'),
  importThread: join(rootDir, 'src', 'main', 'import', 'importThread.ts'),
  passThread: join(rootDir, 'src', 'main', 'pass', 'passThread.ts'),
};

/**
 * The threads as JavaScript, for a main that runs from source. Node strips types by WebAssembly, and threads that end
 * while others load such a module can bring the process down (V8's ThreadIsolation aborts it with SIGTRAP).
 */
export async function ensureThreads() {
  const wanted = sourceHash();
  const current = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
  if (current === wanted && Object.keys(entries).every((name) => existsSync(join(folder, `${name}.js`))))
    return;
  const { build } = await import('vite');
  // Made beside and moved, since another test run may be reading what is there.
  const made = `${folder}-${process.pid}`;
  await build({
    configFile: false,
    root: rootDir,
    logLevel: 'warn',
    ssr: { target: 'node' },
    build: {
      ssr: true,
      outDir: made,
      emptyOutDir: true,
      minify: false,
      rollupOptions: { input: entries, output: { format: 'es', entryFileNames: '[name].js' } },
    },
  });
  const old = `${folder}-old-${process.pid}`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(made, folder);
  rmSync(old, { recursive: true, force: true });
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(stampPath, wanted);
}
