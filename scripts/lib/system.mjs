import { existsSync, readFileSync } from 'node:fs';
import { SetupError, say, step } from './console.mjs';
import { hasProgram, run } from './process.mjs';

/** What the Electron runtime links to beyond a bare Debian image. */
const windowPackages = [
  'libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libasound2',
  'libatk-bridge2.0-0',
  'libcups2',
  'libxkbcommon0',
  'libxcomposite1',
  'libxdamage1',
  'libxrandr2',
];
const screenPackages = ['xvfb', 'xauth'];

async function missingLibraries(executable) {
  const { output } = await run('ldd', [executable], { capture: true });
  return output
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0]);
}

function isDebianLike() {
  if (!existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Newer Debian and Ubuntu ship some libraries under a name that ends in t64. */
async function installableName(name) {
  const { output } = await run('apt-cache', ['policy', `${name}t64`], { capture: true });
  return /Candidate: (?!\(none\))/.test(output) ? `${name}t64` : name;
}

async function installedPackages(names) {
  const { output } = await run('dpkg', ['-l', ...names], { capture: true });
  return new Set([...output.matchAll(/^ii\s+([^\s:]+)/gm)].map((match) => match[1]));
}

async function aptInstall(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { capture: true, env });
  const resolved = await Promise.all(names.map(installableName));
  const present = await installedPackages(resolved);
  const missing = resolved.filter((name) => !present.has(name));
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  return run('apt-get', args, { capture: true, env });
}

/**
 * System libraries for Electron's window on Linux and, where a test needs one, a virtual screen.
 * Installs them on Debian and Ubuntu as root; elsewhere says exactly what to run.
 */
export async function ensureSystem({ executable, screen }) {
  if (process.platform !== 'linux') return;
  const libraries = await missingLibraries(executable);
  const needScreen = screen && !(await hasProgram('Xvfb', ['-version']));
  if (libraries.length === 0 && !needScreen) return;
  const names = [...(libraries.length > 0 ? windowPackages : []), ...(needScreen ? screenPackages : [])];
  const lacking = [...libraries, ...(needScreen ? ['Xvfb'] : [])].join(', ');
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!isDebianLike() || !(await hasProgram('apt-get'))) {
    throw new SetupError(`the system lacks ${lacking}`, `install what Debian calls: ${names.join(' ')}`);
  }
  if (process.getuid?.() !== 0) throw new SetupError(`the system lacks ${lacking}`, `run: sudo ${command}`);
  say(`the system lacks ${lacking}`);
  const { status, output } = await step(`installing ${names.join(' ')}`, () => aptInstall(names));
  if (status === 0 && (await missingLibraries(executable)).length === 0) return;
  throw new SetupError(`system packages could not be installed:\n${output.trim()}`, `run: ${command}`);
}
