import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { licencesFile } from './scripts/lib/licences.mjs';

/** Short commit, marked where files differ from it; empty outside a checkout. */
function commit(): string {
  try {
    const git = (args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    const changed = git(['status', '--porcelain', '--untracked-files=no', '--', 'src']) !== '';
    return git(['rev-parse', '--short', 'HEAD']) + (changed ? '.changed' : '');
  } catch {
    return '';
  }
}

// main, the worker and the headless entries are plain Node programs: one build, several doors.
export default defineConfig({
  main: {
    define: { 'process.env.FACET_COMMIT': JSON.stringify(commit()) },
    build: {
      outDir: 'out/main',
      // An app that runs while this builds still loads parts of the build it was started from.
      emptyOutDir: false,
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          cli: resolve('src/main/cli/index.ts'),
          worker: resolve('src/worker/index.ts'),
          readProcess: resolve('src/main/read/readProcess.ts'),
          codesProcess: resolve('src/main/codes/codesProcess.ts'),
          importThread: resolve('src/main/import/importThread.ts'),
          passThread: resolve('src/main/pass/passThread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), licencesFile()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      rollupOptions: { input: resolve('src/renderer/index.html') },
    },
  },
});
