/** For tests: code over this layer in a process of its own that may not write files beyond a size. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Why tests of limits can't run here; null where they can. */
export const withoutLimits =
  process.platform === 'win32' ? 'Windows has no limit for the size of files to test with' : null;

const PRELUDE = `
const disk = (name) => import(new URL(name, ${JSON.stringify(import.meta.url)}));
const codeOf = (promise) => promise.then(() => null, (error) => error.failure?.code ?? String(error));`;

/** Runs `body`, of an async function that gets at this layer by `disk('file.ts')`; gives what it returns. */
export async function underLimit(kibibytes: number, body: string): Promise<unknown> {
  const code = `${PRELUDE}\nconsole.log(JSON.stringify(await (async () => { ${body} })()));`;
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    `ulimit -f ${kibibytes} && exec "$0" --input-type=module --no-warnings -e "$1"`,
    process.execPath,
    code,
  ]);
  return JSON.parse(stdout);
}
