import { spawn } from 'node:child_process';
import { SetupError } from './console.mjs';

const startTimeoutMs = 15_000;

/** Starts a virtual screen on a free number; `stop` ends it. */
function startScreen() {
  const size = '1600x1000x24';
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const failure = (reason) =>
    new SetupError(`the virtual screen did not start (${reason})`, 'check that Xvfb runs: Xvfb :99');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure('no answer')), startTimeoutMs);
    child.once('error', (error) => reject(failure(error.message)));
    child.once('exit', (code) => reject(failure(`exit code ${code}`)));
    child.stdio[3].once('data', (chunk) => {
      clearTimeout(timer);
      resolve({ display: `:${String(chunk).trim()}`, stop: () => child.kill() });
    });
  });
}

/** Runs `work` with the environment of a virtual screen on Linux; other systems always have a real one. */
export async function withScreen(work) {
  if (process.platform !== 'linux') return work({});
  const { display, stop } = await startScreen();
  try {
    // An empty Wayland display keeps the window off a real desktop.
    return await work({ DISPLAY: display, WAYLAND_DISPLAY: '' });
  } finally {
    stop();
  }
}
