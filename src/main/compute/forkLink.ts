import { fork } from 'node:child_process';
import type { FromWorker } from '#shared/workerProtocol.ts';
import { endWords, OutputTail, type WorkerLink } from './WorkerLink.ts';

/**
 * The compute process as a forked Node process: command line, server and tests. `environment` is added to this
 * process's own.
 */
export function startForkedWorker(
  entry: string,
  environment: Readonly<Record<string, string>> = {},
): WorkerLink {
  const child = fork(entry, [], {
    serialization: 'advanced',
    silent: true,
    env: { ...process.env, FACET_PARENT_PID: String(process.pid), ...environment },
    // The child must not inherit a debugger's port or a test runner's loaders.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const tail = OutputTail.of(child);
  return {
    get pid() {
      return child.pid;
    },
    // A process that has just died is reported by its exit; sending to it is no second failure.
    send: (message) => child.send(message, (error) => error && tail.add(error.message)),
    listen: ({ message, exit }) => {
      child.on('message', (value) => message(value as FromWorker));
      child.once('error', (error) => exit(error.message, null));
      child.once('close', (code, signal) => exit(endWords({ signal, code, tail }), tail.failure()));
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
