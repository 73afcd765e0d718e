/** For tests: code over this layer in a process of its own, on a disk or under a limit that is soon reached. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Why tests of a limit can't run here; null where they can. */
export const withoutLimits =
  process.platform === 'win32' ? 'Windows has no limit for the size of files to test with' : null;

/** A disk that only the commands after it see; it is gone with them. */
const MOUNTED = ['-rm', 'bash', '-c', 'mount -t tmpfs -o size="$1"k tmpfs "$0" && shift 1 && exec "$@"'];
/** The same for disks that are full. */
export const withoutDisks =
  spawnSync('unshare', [...MOUNTED, '/tmp', '64', 'true']).status === 0
    ? null
    : 'no disk of a few kilobytes can be mounted here';

const PRELUDE = `
const disk = (name) => import(new URL(name, ${JSON.stringify(import.meta.url)}));
const failureOf = (promise) => promise.then(() => null, (error) => error.failure ?? { code: String(error) });
const codeOf = async (promise) => (await failureOf(promise))?.code ?? null;`;
const nodeRunning = (body: string): string[] => [
  ...[process.execPath, '--input-type=module', '--no-warnings', '-e'],
  `${PRELUDE}\nconsole.log(JSON.stringify(await (async () => { ${body} })()));`,
];

async function answerOf(command: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(command, args);
  return JSON.parse(stdout);
}

/** Runs `body`, of an async function that gets at this layer by `disk('file.ts')`; gives what it returns. */
export const underLimit = (kibibytes: number, body: string): Promise<unknown> =>
  answerOf('bash', ['-c', `ulimit -f ${kibibytes} && exec "$0" "$@"`, ...nodeRunning(body)]);

/** The same with a disk of `kibibytes` mounted on `folder`. */
export const onSmallDisk = (folder: string, kibibytes: number, body: string): Promise<unknown> =>
  answerOf('unshare', [...MOUNTED, folder, String(kibibytes), ...nodeRunning(body)]);
