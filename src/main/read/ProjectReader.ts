import { Worker } from 'node:worker_threads';
import { FacetError } from '#core/result.ts';
import type { Answer, Question } from './protocol.ts';

/** Room for new objects: a page of rows takes a fraction, and V8 would fill 48 MB before it looked. */
const YOUNG_MB = 8;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type AnyQuestions<Q> = { readonly [Name in keyof Q]: (...args: never[]) => unknown };

/** Asks a thread that reads a project. It starts with the first question, and again should it end unasked. */
export class ProjectReader<Q extends AnyQuestions<Q>> {
  readonly #entry: string;
  readonly #projectPath: string;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #nextId = 1;
  #isClosed = false;

  constructor(entry: string, projectPath: string) {
    this.#entry = entry;
    this.#projectPath = projectPath;
  }

  async ask<K extends keyof Q & string>(name: K, ...args: Parameters<Q[K]>): Promise<ReturnType<Q[K]>> {
    if (this.#isClosed) throw this.#ended();
    const thread = this.#thread ?? this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      thread.ref();
      thread.postMessage({ id, name, args } satisfies Question<K>);
    });
  }

  /** Answers what was asked, then ends the thread and its connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    if (!thread) return;
    thread.ref();
    const exited = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('close');
    await exited;
  }

  #start(): Worker {
    const thread = new Worker(this.#entry, {
      workerData: { projectPath: this.#projectPath },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let reason: unknown;
    thread.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      // Unless it is asked, it must not keep a process alive that is done.
      if (this.#waiting.size === 0) thread.unref();
      if ('failure' in answer) waiting?.reject(new FacetError(answer.failure));
      else waiting?.resolve(answer.value);
    });
    thread.on('error', (error) => {
      reason = error;
    });
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = null;
      for (const { reject } of this.#waiting.values()) reject(this.#ended(reason));
      this.#waiting.clear();
    });
    this.#thread = thread;
    return thread;
  }

  #ended(reason?: unknown): FacetError {
    return new FacetError({
      code: 'project.reader-ended',
      message:
        reason === undefined
          ? 'The project was closed meanwhile.'
          : `The project could not be read: ${reason instanceof Error ? reason.message : String(reason)}.`,
      fix: 'Open it again.',
    });
  }
}
