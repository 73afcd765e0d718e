import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lastFailure } from '#shared/workerProtocol.ts';

const spinner = fileURLToPath(new URL('../../tests/fixtures/spinner.ts', import.meta.url));

const exitOf = (child: ChildProcess) =>
  new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('text work without end ends the process, which says why', async () => {
  const child = fork(spinner, ['work'], { silent: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  expect(await exitOf(child)).toBe('SIGKILL');
  expect(lastFailure(said)).toMatchObject({ code: 'tokens.too-slow' });
});

test('a process that spins dies with its parent', async () => {
  const parent = spawn(process.execPath, [spinner, 'parent'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (chunk) => resolve(Number(String(chunk))));
  });
  onTestFinished(() => void (isAlive(pid) && process.kill(pid, 'SIGKILL')));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
});
