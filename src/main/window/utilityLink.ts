import { utilityProcess } from 'electron';
import type { FromWorker } from '#shared/workerProtocol.ts';
import { endWords, OutputTail, type WorkerLink } from '../compute/WorkerLink.ts';

const KILLED = 9;
/** Chromium gives a signal's number as the code. */
const signalOf = (code: number): string | null => (code === KILLED ? 'SIGKILL' : null);

/** The compute process as Electron's utility process: a crash of it leaves the window as it is. */
export function startUtilityWorker(entry: string): WorkerLink {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Facet compute',
    stdio: 'pipe',
    env: { ...process.env, FACET_PARENT_PID: String(process.pid) },
  });
  const tail = OutputTail.of(child);
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    listen: ({ message, exit }) => {
      child.on('message', (value) => message(value as FromWorker));
      child.once('exit', (code) => exit(endWords({ signal: signalOf(code), code, tail }), tail.failure()));
    },
    kill: () => {
      child.kill();
      // The system's polite request is not heard by one that loops in native code.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
