/**
 * `npm run package`: what people without Node install, for the system that it runs on. Then the packaged app is started
 * and walked through. `-- --no-walk` leaves that out, `-- --targets deb,rpm` makes those alone.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild } from './lib/build.mjs';
import { runMain, SetupError, say, step } from './lib/console.mjs';
import { npm } from './lib/dependencies.mjs';
import { linuxPackage } from './lib/linuxPackages.mjs';
import { rendererOnly } from './lib/packagedModules.mjs';
import { nodePath, rootDir } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { withScreen } from './lib/screen.mjs';
import { prepareWindow } from './setup.mjs';

const packaging = join(rootDir, 'packaging');
const builder = join(packaging, 'node_modules', 'electron-builder', 'cli.js');
const out = join(rootDir, 'dist');
const system = { linux: 'linux', win32: 'win', darwin: 'mac' }[process.platform];
const facts = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));
const TARGETS = {
  linux: ['AppImage', 'deb', 'rpm'],
  win: ['nsis', 'portable'],
  mac: ['dmg', 'zip'],
};
const UNPACKED = {
  linux: 'linux-unpacked',
  win: 'win-unpacked',
  mac: process.arch === 'arm64' ? 'mac-arm64' : 'mac',
};

async function ensureBuilder() {
  if (existsSync(builder)) return;
  const { status, output } = await step('fetching electron-builder', () =>
    npm(['ci', '--prefix', packaging, '--ignore-scripts', '--no-audit', '--no-fund'], { capture: true }),
  );
  if (status !== 0)
    throw new SetupError(
      `electron-builder could not be fetched:\n${output.trim()}`,
      'check the network connection',
    );
}

function runtimeOf(executable) {
  const folder =
    process.platform === 'darwin' ? dirname(dirname(dirname(dirname(executable)))) : dirname(executable);
  const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  return { folder, version, isOfficial: !existsSync(join(folder, 'integrity')) };
}

/** Whether electron-builder made it; what it said where it did not. */
async function build(args, runtime) {
  const command = [
    builder,
    '--projectDir',
    rootDir,
    '--config',
    'packaging/builder.config.cjs',
    '--publish',
    'never',
  ];
  const { status, output } = await run(nodePath, [...command, `--${system}`, ...args], {
    capture: true,
    env: {
      FACET_PACKAGE_OUT: out,
      FACET_PACKAGE_RUNTIME: runtime.folder,
      FACET_PACKAGE_RUNTIME_VERSION: runtime.version,
      FACET_PACKAGE_OFFICIAL: runtime.isOfficial ? '1' : '',
      FACET_PACKAGE_LEFT_OUT: JSON.stringify(rendererOnly()),
    },
  });
  return { made: status === 0, output };
}

const linuxName = ({ isOfficial }) =>
  `Facet-${facts.version}-linux-${process.arch}${isOfficial ? '' : '-stand-in-runtime'}`;

/** The folder as an archive: the system's own `tar` makes it, where electron-builder would fetch another program. */
async function archive(unpacked, runtime) {
  const name = linuxName(runtime);
  const { status, output } = await run(
    'tar',
    ['--transform', `s,^\\.,${name},`, '-cJf', join(out, `${name}.tar.xz`), '-C', unpacked, '.'],
    { capture: true, env: { XZ_OPT: '-3 -T0' } },
  );
  if (status !== 0) throw new SetupError(`the archive was not made:\n${output.trim()}`, 'install tar and xz');
}

const lastLines = (output) =>
  output
    .split('\n')
    .filter((line) => /⨯|error|cannot|failed/i.test(line))
    .slice(0, 3)
    .map((line) => line.trim().slice(0, 200))
    .join('\n  ');

async function walkThrough(folder) {
  const vitest = [
    join(rootDir, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    'packaging/vitest.config.ts',
  ];
  const { status } = await withScreen((screen) =>
    run(nodePath, vitest, { env: { ...screen, FACET_PACKAGED: folder } }),
  );
  return status === 0;
}

await runMain(async () => {
  const { values } = parseArgs({
    options: { 'no-walk': { type: 'boolean', default: false }, targets: { type: 'string' } },
  });
  const executable = await prepareWindow({ screen: process.platform === 'linux' });
  await ensureBuild();
  await ensureBuilder();
  const runtime = runtimeOf(executable);
  if (!runtime.isOfficial)
    say('this package is for trying alone: it carries the stand-in for Electron, and its file is named so');
  rmSync(out, { recursive: true, force: true });
  const unpacked = join(out, UNPACKED[system]);
  const first = await step('packaging', () => build(['dir'], runtime));
  if (!first.made) throw new SetupError(first.output.trim(), 'read what electron-builder says above');
  if (!values['no-walk'] && !(await step('walking through the packaged app', () => walkThrough(unpacked))))
    return 1;
  if (system === 'linux') await step('tar.xz', () => archive(unpacked, runtime));
  const missed = [];
  for (const target of values.targets?.split(',') ?? TARGETS[system]) {
    const { made, output } = await step(target, () =>
      ['deb', 'rpm'].includes(target)
        ? linuxPackage(target, unpacked, join(out, `${linuxName(runtime)}.${target}`), facts)
        : build([target, '--prepackaged', unpacked], runtime),
    );
    if (!made) missed.push(`${target} was not made:\n  ${lastLines(output)}`);
  }
  for (const line of missed) say(line);
  const files = readdirSync(out).filter(
    (name) => statSync(join(out, name)).isFile() && name.startsWith('Facet'),
  );
  for (const name of files)
    process.stdout.write(`${name}  ${(statSync(join(out, name)).size / 1e6).toFixed(1)} MB\n`);
  // A workflow has the network that every kind needs: one that is missing there is no release.
  return files.length > 0 && (missed.length === 0 || !process.env.CI) ? 0 : 1;
});
