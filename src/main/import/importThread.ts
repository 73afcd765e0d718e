/** The thread in which a file is read for a preview or an import, or the process that makes an index. One task, then it ends. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import { cleanProject, importFile, LEAVE } from './importFile.ts';
import { indexPairs } from './indexPairs.ts';
import { measurePairs } from './measurePairs.ts';
import { previewFile } from './previewFile.ts';
import type { Turns } from './SliceWriter.ts';
import type { FromImport, ImportTask, ThreadData, ToImport } from './threadProtocol.ts';

/** Who started the task. */
interface Starter {
  send(message: FromImport): void;
  listen(take: (message: ToImport) => void): void;
  end(): void;
}

async function perform({ task, waiting }: ThreadData, { send, listen }: Starter): Promise<void> {
  const stop = new AbortController();
  let grant: () => void = () => undefined;
  listen((message) => {
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

async function run(data: ThreadData, starter: Starter): Promise<void> {
  try {
    await perform(data, starter);
  } catch (error) {
    starter.send({ type: 'failed', failure: storageFailure(error) });
  }
  starter.end();
}

/** Nobody's wait can be seen from another process: such a task keeps its turns short. */
function runAsProcess(): void {
  const [, , task] = process.argv;
  if (task === undefined) return;
  setPriority(Math.round(constants.priority.PRIORITY_BELOW_NORMAL / 2));
  process.once('disconnect', () => process.exit());
  const starter: Starter = {
    send: (message) => process.send?.(message),
    listen: (take) => void process.on('message', take),
    end: () => {
      process.removeAllListeners('disconnect');
      process.disconnect();
    },
  };
  void run({ task: JSON.parse(task) as ImportTask, waiting: new Int32Array(1) }, starter);
}

if (parentPort) {
  const port = parentPort;
  void run(workerData as ThreadData, {
    send: (message) => port.postMessage(message),
    listen: (take) => void port.on('message', take),
    end: () => port.close(),
  });
} else if (process.send) runAsProcess();
