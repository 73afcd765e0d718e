import { spawn } from 'node:child_process';
import { SetupError } from './console.mjs';
import { windowWorkers } from './workers.mjs';

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

/**
 * Runs `work` with the environment of virtual screens on Linux; other systems always have a real one. Test files that run at
 * the same time have one each (`FACET_DISPLAYS`, by number of worker).
 */
export async function withScreen(work) {
  if (process.platform !== 'linux') return work({});
  const screens = [];
  try {
    while (screens.length < windowWorkers()) screens.push(await startScreen());
    const displays = screens.map(({ display }) => display);
    // An empty Wayland display keeps the window off a real desktop.
    return await work({ DISPLAY: displays[0], FACET_DISPLAYS: displays.join(' '), WAYLAND_DISPLAY: '' });
  } finally {
    for (const { stop } of screens) stop();
  }
}
