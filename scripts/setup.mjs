/**
 * Everything a fresh clone needs, with nothing but Node's own modules; safe to run again, quick when nothing is missing.
 * `node scripts/setup.mjs` prepares all of it; the other scripts ask for what they need.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { runMain, SetupError, say } from './lib/console.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureElectron } from './lib/electron.mjs';
import { ensureSystem } from './lib/system.mjs';

function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  throw new SetupError(
    `Node ${process.versions.node} is too old`,
    'install Node 20 or newer and run the command again',
  );
}

/** Packages and the project's own Node: enough for every command that opens no window. */
export async function prepareHeadless() {
  requireNode();
  await ensureDependencies();
}

/** Also Electron and what it links to; `screen` adds a virtual screen for tests. Returns Electron's executable. */
export async function prepareWindow({ screen }) {
  await prepareHeadless();
  const executable = await ensureElectron();
  await ensureSystem({ executable, screen });
  return executable;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await prepareWindow({ screen: process.platform === 'linux' });
    await ensureBuild();
    say('ready: npm start, npm test, npm run demo');
  });
}
