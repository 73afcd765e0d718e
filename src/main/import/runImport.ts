/** Previews and clean-ups, each in a thread of its own, imports and search indexes in processes of theirs; what they write waits for its turn here. */
import { FacetError, type Failure, toFailure } from '#core/result.ts';
import type { ImportFrame, ImportPreview } from '#shared/importEntities.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import type { Writer } from '../data/Writer.ts';
import { processLink, threadLink } from './taskLinks.ts';
import { type FromImport, type ImportTask, STOPPED } from './threadProtocol.ts';

export interface RunningImport {
  /** Ends after the last frame; throws what the import failed with. */
  frames(): AsyncGenerator<ImportFrame, void>;
  /** Resolves when the process or thread is gone, well or not. */
  readonly ended: Promise<void>;
  /** Takes back what was written. Without an effect once all is shown. */
  stop(): void;
  /** Ends at once; what is hidden goes when the project is opened again. */
  leave(): void;
}

interface Outcome {
  failure: Failure | null;
  preview: ImportPreview | null;
}

function start(task: ImportTask, writer: Writer, onFrame: (frame: ImportFrame) => void) {
  const outcome: Outcome = { failure: null, preview: null };
  const link =
    task.kind === 'index' || task.kind === 'import' ? processLink(task) : threadLink(task, writer.waiting);
  let release: (() => void) | null = null;
  let gone = false;
  const grant = async (): Promise<void> => {
    const held = await writer.lend();
    if (gone) return held();
    release = held;
    link.send({ type: 'granted', mostMs: writer.sharedTurnMs() });
  };
  const giveBack = (): void => {
    release?.();
    release = null;
  };
  const refused = (error: unknown): void => {
    outcome.failure ??= toFailure(error);
    link.end();
  };
  const take = (message: FromImport): void => {
    if (message.type === 'turn') grant().catch(refused);
    else if (message.type === 'release') giveBack();
    else if (message.type === 'frame') onFrame(message.frame);
    else if (message.type === 'preview') outcome.preview = message.preview;
    else outcome.failure = message.failure;
  };
  const ended = new Promise<Outcome>((resolve) => {
    link.listen({
      message: take,
      exit: (reason) => {
        if (reason !== null) {
          outcome.failure ??= {
            code: 'import.thread-ended',
            message: `The import ended unexpectedly: ${reason}.`,
            fix: 'Nothing of it was kept; try again.',
          };
        }
        gone = true;
        giveBack();
        resolve(outcome);
      },
    });
  });
  return { ended, send: link.send };
}

export interface RunningPreview {
  /** Throws what the reading of the file failed with. */
  readonly preview: Promise<ImportPreview>;
  leave(): void;
}

export function runPreview(task: Extract<ImportTask, { kind: 'preview' }>, writer: Writer): RunningPreview {
  const { ended, send } = start(task, writer, () => undefined);
  const preview = ended.then(({ failure, preview: read }) => {
    if (read) return read;
    throw new FacetError(
      failure ?? { code: 'import.thread-ended', message: 'The preview ended early.', fix: 'Try again.' },
    );
  });
  return { preview, leave: () => send({ type: 'leave' }) };
}

export function runImport(
  task: Extract<ImportTask, { kind: 'import' | 'clean' | 'index' }>,
  writer: Writer,
): RunningImport {
  const queue = new FrameQueue<ImportFrame>();
  let isDone = task.kind !== 'import';
  let isLeft = false;
  const { ended, send } = start(task, writer, (frame) => {
    isDone ||= frame.type === 'done';
    queue.push(frame);
  });
  const finished = ended.then(({ failure }) => {
    queue.end();
    return failure ?? (isLeft && !isDone ? STOPPED : null);
  });
  return {
    ended: finished.then(() => undefined),
    stop: () => send({ type: 'stop' }),
    leave: () => {
      isLeft = true;
      send({ type: 'leave' });
    },
    async *frames() {
      yield* queue.read();
      const failure = await finished;
      if (failure) throw new FacetError(failure);
    },
  };
}

/** An import into a project that nobody else has open: its frames, to the end. */
export async function* importInto(projectPath: string, file: string, at: string, writer: Writer) {
  const running = runImport({ kind: 'import', projectPath, input: { path: file }, rules: {}, at }, writer);
  try {
    yield* running.frames();
  } finally {
    running.stop();
    await running.ended;
  }
}
