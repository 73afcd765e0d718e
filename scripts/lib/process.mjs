import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { binDir, rootDir } from './paths.mjs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Starts a program in the project folder with its tools first on the path.
 * Resolves to the exit status, and to what it wrote when `capture` is set; a signal counts as 128 + its number.
 */
export function run(command, args, { capture = false, env = {}, timeoutMs = 0, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: rootDir,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...options,
      env: { ...process.env, ...env, PATH: `${binDir}${delimiter}${process.env.PATH ?? ''}` },
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : undefined;
    const forward = (signal) => child.kill(signal);
    for (const signal of forwarded) process.on(signal, forward);
    const settle = () => {
      clearTimeout(timer);
      for (const signal of forwarded) process.off(signal, forward);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      resolve({ status: code ?? 128 + (constants.signals[signal] ?? 0), output });
    });
  });
}

/** Whether a program can be started at all. */
export async function hasProgram(command, args = ['--version']) {
  try {
    await run(command, args, { capture: true });
    return true;
  } catch {
    return false;
  }
}
