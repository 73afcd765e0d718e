import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { nodePath, rootDir } from './paths.mjs';
import { run } from './process.mjs';

// The package would fetch hundreds of megabytes of CUDA libraries; both spellings are read, by different versions.
const installEnv = { ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_onnxruntime_node_install: 'skip' };

const readLock = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Names of required packages whose installed version is not the lock file's; optional ones may be absent. */
export function outdatedPackages(root = rootDir) {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  const wanted = readLock(join(root, 'package-lock.json'));
  const installed = existsSync(installedLock) ? readLock(installedLock) : {};
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path.replace(/^node_modules\//, ''));
}

async function nodeWorks() {
  if (!existsSync(nodePath)) return false;
  const { status, output } = await run(nodePath, ['--version'], { capture: true });
  return status === 0 && Number(output.trim().slice(1).split('.')[0]) >= 24;
}

/** Runs the npm that started this script, or the one on the path. */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Packages as the lock file has them, and the project's own Node. Returns at once when they are there. */
export async function ensureDependencies() {
  if (outdatedPackages().length > 0) {
    await step('installing packages from the lock file', async () => {
      const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
      const { status, output } = await npm(args, { capture: true, env: installEnv });
      if (status !== 0) {
        throw new SetupError(
          `npm ci failed:\n${output.trim()}`,
          'check the network connection to your npm registry (npm config get registry) and run the command again',
        );
      }
    });
  }
  if (await nodeWorks()) return;
  // npm 12 runs no package's install script unless it is allowed; ask for this one by name.
  await step('installing Node 24 for the project', () => npm(['rebuild', 'node'], { capture: true }));
  if (await nodeWorks()) return;
  throw new SetupError(
    `Node 24 is missing at ${nodePath}`,
    'delete node_modules and run the command again; if that does not help, install Node 24 and run it with that',
  );
}
