/** The thread in which a file is read for a preview, or the process of an import or an index. One task, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageFailure } from '../data/check.ts';
import { connectReader } from '../data/database.ts';
import { goBelow } from '../read/serve.ts';
import { cleanProject, importFile, LEAVE } from './importFile.ts';
import { indexPairs } from './indexPairs.ts';
import { measurePairs } from './measurePairs.ts';
import { previewFile } from './previewFile.ts';
import type { Turns } from './SliceWriter.ts';
import type { FromImport, ImportTask, ThreadData, ToImport } from './threadProtocol.ts';

/** Whoever reads stands between these (`src/main/read/serve.ts`). */
const IMPORT_BELOW_MAIN = 3;
const INDEX_BELOW_MAIN = 10;

/** Who started the task. */
interface Starter {
  send(message: FromImport): void;
  listen(take: (message: ToImport) => void): void;
  end(): void;
}

async function perform({ task, waiting }: ThreadData, { send, listen }: Starter): Promise<void> {
  const stop = new AbortController();
  let grant: () => void = () => undefined;
  let turnEndsAt = 0;
  listen((message) => {
    if (message.type === 'granted') {
      turnEndsAt = performance.now() + message.mostMs;
      grant();
    } else stop.abort(message.type === 'leave' ? LEAVE : 'stop');
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
  const isAwaited = (): boolean => (waiting ? Atomics.load(waiting, 0) > 0 : performance.now() >= turnEndsAt);
  const turns: Turns = { take, isAwaited };
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

function runAsProcess(): void {
  const [, , task] = process.argv;
  if (task === undefined) return;
  process.once('disconnect', () => process.exit());
  const starter: Starter = {
    send: (message) => process.send?.(message),
    listen: (take) => void process.on('message', take),
    end: () => {
      process.removeAllListeners('disconnect');
      process.disconnect();
    },
  };
  const asked = JSON.parse(task) as ImportTask;
  // A verdict goes before a file, and waits for the turn of one: nothing else may hold that up. Nobody waits for an index.
  goBelow(asked.kind === 'index' ? INDEX_BELOW_MAIN : IMPORT_BELOW_MAIN);
  void run({ task: asked, waiting: null }, starter);
}

if (parentPort) {
  const port = parentPort;
  void run(workerData as ThreadData, {
    send: (message) => port.postMessage(message),
    listen: (take) => void port.on('message', take),
    end: () => port.close(),
  });
} else if (process.send) runAsProcess();
