import { type ChildProcess, fork } from 'node:child_process';
import { FacetError } from '#core/result.ts';
import { OutputTail } from '../compute/WorkerLink.ts';
import type { Answer, FromMain } from './protocol.ts';

/** Room for new objects, of which V8 keeps three: a page of rows takes a fraction, and V8 would fill 16 MB before it looked. */
const YOUNG_MB = 4;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type AnyQuestions<Q> = { readonly [Name in keyof Q]: (...args: never[]) => unknown };

/**
 * Asks a process that reads a project: what it holds is no memory of this one, and it gives way to whoever labels. It
 * starts with the first question, and again should it end unasked.
 */
export class ProjectReader<Q extends AnyQuestions<Q>> {
  readonly #entry: string;
  readonly #projectPath: string;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | null = null;
  #nextId = 1;
  #isClosed = false;

  constructor(entry: string, projectPath: string) {
    this.#entry = entry;
    this.#projectPath = projectPath;
  }

  async ask<K extends keyof Q & string>(name: K, ...args: Parameters<Q[K]>): Promise<ReturnType<Q[K]>> {
    return this.askUntil(undefined, name, ...args);
  }

  /** Throws the signal's reason once nobody waits for the answer; what it takes is left then. */
  async askUntil<K extends keyof Q & string>(
    signal: AbortSignal | undefined,
    name: K,
    ...args: Parameters<Q[K]>
  ): Promise<ReturnType<Q[K]>> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw this.#ended();
    const child = this.#process ?? this.#start();
    const id = this.#nextId++;
    const send = (message: FromMain<K>): void =>
      // One that has just ended is reported by its exit.
      void child.send(message, () => undefined);
    const leave = (): void => {
      const waiting = this.#take(child, id);
      if (!waiting) return;
      send({ cancel: id });
      waiting.reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        hold(child, true);
        send({ id, name, args });
      });
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #take(child: ChildProcess, id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0 && !this.#isClosed) hold(child, false);
    return waiting;
  }

  /** Answers what was asked, then ends the process and its connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#process;
    if (!child) return;
    hold(child, true);
    const exited = new Promise((resolve) => child.once('close', resolve));
    child.send('close', () => undefined);
    await exited;
  }

  #start(): ChildProcess {
    const child = fork(this.#entry, [this.#projectPath], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Within Electron the child is to be Node as well.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      // It must not inherit a debugger's port or a test runner's loaders.
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MB}`],
    });
    const tail = OutputTail.of(child);
    child.on('message', (message) => {
      const answer = message as Answer;
      const waiting = this.#take(child, answer.id);
      if ('failure' in answer) waiting?.reject(new FacetError(answer.failure));
      else waiting?.resolve(answer.value);
    });
    const end = (reason: string): void => {
      if (this.#process !== child) return;
      this.#process = null;
      for (const { reject } of this.#waiting.values()) reject(this.#ended(reason));
      this.#waiting.clear();
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(`${signal ?? `code ${code}`} ${tail.summary()}`.trim()));
    this.#process = child;
    return child;
  }

  #ended(reason?: string): FacetError {
    return new FacetError({
      code: 'project.reader-ended',
      message:
        reason === undefined || this.#isClosed
          ? 'The project was closed meanwhile.'
          : `The project could not be read: ${reason}.`,
      fix: 'Open it again.',
    });
  }
}

/** Unless it is asked, it must not keep a process alive that is done. */
function hold(child: ChildProcess, isNeeded: boolean): void {
  const { channel, stdout, stderr } = child;
  for (const end of [child, channel, stdout, stderr] as (Partial<NodeJS.RefCounted> | null | undefined)[]) {
    if (isNeeded) end?.ref?.();
    else end?.unref?.();
  }
}
