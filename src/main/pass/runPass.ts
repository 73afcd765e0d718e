import { Worker } from 'node:worker_threads';
import { FacetError, type Failure, toFailure } from '#core/result.ts';
import type { Writer } from '../data/Writer.ts';
import { passThreadEntry } from '../environment.ts';
import type { FromPass, Passes, PassName, PassTask, ThreadData, Tick, ToPass } from './protocol.ts';

/** Runs one pass in its thread. Resolves when the thread is gone; an abort asks it to end. */
export function runPass<K extends PassName>(
  task: PassTask<K>,
  writer: Writer,
  signal: AbortSignal,
  onProgress: Tick,
): Promise<Passes[K]['answer']> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(passThreadEntry, {
    workerData: { task, stop, waiting: writer.waiting } satisfies ThreadData,
  });
  const end = (): void => void Atomics.store(stop, 0, 1);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return new Promise((resolve, reject) => {
    let answer: { readonly value: Passes[K]['answer'] } | null = null;
    let failure: Failure = {
      code: 'pass.thread-ended',
      message: 'The work ended unexpectedly.',
      fix: 'Try again.',
    };
    let release: (() => void) | null = null;
    let gone = false;
    const grant = async (): Promise<void> => {
      const held = await writer.hold();
      if (gone) return held();
      release = held;
      thread.postMessage('granted' satisfies ToPass);
    };
    const giveBack = (): void => {
      release?.();
      release = null;
    };
    const refused = (error: unknown): void => {
      failure = toFailure(error);
      void thread.terminate();
    };
    thread.on('message', (message: FromPass) => {
      if (message.type === 'progress') onProgress(message.done, message.total);
      else if (message.type === 'turn') grant().catch(refused);
      else if (message.type === 'release') giveBack();
      else if (message.type === 'done') answer = { value: message.answer as Passes[K]['answer'] };
      else failure = message.failure;
    });
    thread.on('error', (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      failure = { ...failure, message: `The work ended unexpectedly: ${reason}.` };
    });
    thread.once('exit', () => {
      gone = true;
      giveBack();
      signal.removeEventListener('abort', end);
      if (answer) resolve(answer.value);
      else reject(new FacetError(failure));
    });
  });
}
