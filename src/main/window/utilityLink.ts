import { utilityProcess } from 'electron';
import type { FromWorker } from '#shared/workerProtocol.ts';
import { OutputTail, type WorkerLink } from '../compute/WorkerLink.ts';

/** The compute process as Electron's utility process: a crash of it leaves the window as it is. */
export function startUtilityWorker(entry: string): WorkerLink {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Facet compute', stdio: 'pipe' });
  const tail = OutputTail.of(child);
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    listen: ({ message, exit }) => {
      child.on('message', (value) => message(value as FromWorker));
      child.once('exit', (code) => exit(`code ${code} ${tail.summary()}`.trim()));
    },
    kill: () => {
      child.kill();
    },
  };
}
