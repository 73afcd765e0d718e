/** How a task is started: in a thread of this process, or in a process of its own. */
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { OutputTail } from '../compute/WorkerLink.ts';
import { importThreadEntry } from '../environment.ts';
import type { FromImport, ImportTask, ThreadData, ToImport } from './threadProtocol.ts';

/** Room for new objects, of which V8 keeps three. Rows that are read live until they are written: in less they would be copied several times. */
const YOUNG_MB = 16;

export interface TaskLink {
  send(message: ToImport): void;
  /** Ends it at once. */
  end(): void;
  /** Called once. `exit` comes last, with the reason where it ended unasked. */
  listen(listener: { message(message: FromImport): void; exit(reason: string | null): void }): void;
}

export function threadLink(task: ImportTask, waiting: Int32Array): TaskLink {
  const thread = new Worker(importThreadEntry, {
    workerData: { task, waiting } satisfies ThreadData,
    resourceLimits: { maxYoungGenerationSizeMb: 3 * YOUNG_MB },
  });
  let reason: string | null = null;
  return {
    send: (message) => thread.postMessage(message),
    end: () => void thread.terminate(),
    listen: ({ message, exit }) => {
      thread.on('message', message);
      thread.on('error', (error: unknown) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      thread.once('exit', () => exit(reason));
    },
  };
}

/** What it holds is no memory of this process, it takes no time of its threads, and it ends with it. */
export function processLink(task: ImportTask): TaskLink {
  const child = fork(importThreadEntry, [JSON.stringify(task)], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Within Electron the child is to be Node as well.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    // It must not inherit a debugger's port or a test runner's loaders.
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MB}`],
  });
  const tail = OutputTail.of(child);
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    child.kill('SIGKILL');
  };
  return {
    send: (message) => {
      // What it had begun to write is whole or nothing: it need not come to an end.
      if (message.type === 'leave') leave();
      // One that has just ended is reported by its exit; sending to it is no second failure.
      else child.send(message, (error) => error && tail.add(error.message));
    },
    end: leave,
    listen: ({ message, exit }) => {
      child.on('message', (value) => message(value as FromImport));
      let isOver = false;
      const end = (reason: string | null): void => {
        if (!isOver) exit(reason);
        isOver = true;
      };
      child.once('error', (error) => end(error.message));
      child.once('close', (code, signal) =>
        end(code === 0 || isLeft ? null : `${signal ?? `code ${code}`} ${tail.summary()}`.trim()),
      );
    },
  };
}
