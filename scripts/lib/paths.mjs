import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binDir = join(rootDir, 'node_modules', '.bin');
/** Made by scripts and safe to delete. */
export const cacheDir = join(rootDir, '.cache');
export const outDir = join(rootDir, 'out');
const windows = process.platform === 'win32';
/** The Node release that the project is built and tested with. */
export const nodePath = join(rootDir, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
export const cliPath = join(outDir, 'main', 'cli.js');
