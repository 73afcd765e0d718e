/**
 * A thread that ends this process where its event loop no longer can: when the parent is gone, and when a chat template or a
 * tokenizer's pattern doesn't come to an end.
 */
import { Worker } from 'node:worker_threads';
import type { Failure } from '#core/result.ts';
import { failureLine } from '#shared/workerProtocol.ts';

const LOOK_EVERY_MS = 500;

const tooSlow = (seconds: number): Failure => ({
  code: 'tokens.too-slow',
  message: `The chat template or a pattern of the tokenizer was still at work on one text after ${seconds} s; the compute process was ended.`,
  fix: 'Fetch the tokenizer files from the model’s own page, or choose another model. What was saved before is kept.',
});

// A thread is always JavaScript, and this one has no imports: text that runs from the source, a build and a package alike.
const CODE = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const { work, parent, limitTenths, everyMs, slowLine } = workerData;
const isThere = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};
const end = () => process.kill(process.pid, 'SIGKILL');
const firstParent = process.ppid;
setInterval(() => {
  if (process.ppid !== firstParent || !isThere(parent)) end();
  const began = Atomics.load(work, 0);
  if (began === 0 || 10 * process.uptime() - began < limitTenths) return;
  try {
    writeSync(2, slowLine);
  } finally {
    end();
  }
}, everyMs);
`;

export interface WatchdogOptions {
  /** When the watched work began, as `watchedWork` has it. */
  readonly work: Int32Array;
  readonly limitMs: number;
}

/** Watches until the process ends, and doesn't keep it from ending. */
export function startWatchdog({ work, limitMs }: WatchdogOptions): void {
  const thread = new Worker(CODE, {
    eval: true,
    name: 'watchdog',
    workerData: {
      work,
      // What main says of itself: a process of Chromium's in between may outlive it.
      parent: Number(process.env.FACET_PARENT_PID ?? process.ppid),
      limitTenths: limitMs / 100,
      everyMs: LOOK_EVERY_MS,
      slowLine: failureLine(tooSlow(limitMs / 1000)),
    },
  });
  thread.unref();
}
