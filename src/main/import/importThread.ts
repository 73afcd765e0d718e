/** The thread in which a file is read for a preview or an import. One task, then it ends. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import { cleanProject, importFile, LEAVE } from './importFile.ts';
import { indexPairs } from './indexPairs.ts';
import { measurePairs } from './measurePairs.ts';
import { previewFile } from './previewFile.ts';
import type { Turns } from './SliceWriter.ts';
import type { FromImport, ThreadData, ToImport } from './threadProtocol.ts';

async function perform({ task, waiting }: ThreadData, port: MessagePort): Promise<void> {
  const send = (message: FromImport): void => port.postMessage(message);
  const stop = new AbortController();
  let grant: () => void = () => undefined;
  port.on('message', (message: ToImport) => {
    if (message.type === 'granted') grant();
    else stop.abort(message.type === 'leave' ? LEAVE : 'stop');
  });
  const take: Turns['take'] = async (change) => {
    const granted = new Promise<void>((resolve) => {
      grant = resolve;
    });
    send({ type: 'turn' });
    await granted;
    try {
      return change();
    } finally {
      send({ type: 'release' });
    }
  };
  const turns: Turns = { take, isAwaited: () => Atomics.load(waiting, 0) > 0 };
  const { signal } = stop;
  switch (task.kind) {
    case 'clean':
      return cleanProject(task.projectPath, turns, signal);
    case 'index':
      await indexPairs(task.projectPath, turns, signal);
      return measurePairs(task.projectPath, turns, signal);
    case 'import':
      return importFile({ ...task, turns, signal, onFrame: (frame) => send({ type: 'frame', frame }) });
    case 'preview': {
      const database = connectReader(task.projectPath);
      try {
        send({ type: 'preview', preview: await previewFile(database, task.input, task.rules, signal) });
      } finally {
        database.close();
      }
    }
  }
}

const port = parentPort;
if (port) {
  try {
    await perform(workerData as ThreadData, port);
  } catch (error) {
    port.postMessage({ type: 'failed', failure: storageFailure(error) } satisfies FromImport);
  }
  port.close();
}
