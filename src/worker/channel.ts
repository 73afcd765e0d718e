/** The line to the process that started this one: Electron's parent port, or Node's IPC when forked. */
import type { FromWorker, ToWorker } from '#shared/workerProtocol.ts';

export interface Channel {
  send(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
  /** The other end is gone: nobody is left to work for. */
  onClose(listener: () => void): void;
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

function electronChannel(port: ParentPort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data as ToWorker)),
    onClose: (listener) => port.on('close', listener),
  };
}

function forkedChannel(): Channel {
  let close = (): void => undefined;
  return {
    send: (message) => {
      // A parent that died between two messages is a closed channel, not an error of the job.
      process.send?.(message, (error) => {
        if (error !== null) close();
      });
    },
    onMessage: (listener) => {
      process.on('message', (message) => listener(message as ToWorker));
    },
    onClose: (listener) => {
      close = listener;
      process.on('disconnect', listener);
    },
  };
}

/** Null where the process was started by hand, with nobody to answer to. */
export function parentChannel(): Channel | null {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port) return electronChannel(port);
  return process.send ? forkedChannel() : null;
}
