import type { Failure } from '#core/result.ts';
import { type FromWorker, lastFailure, type ToWorker } from '#shared/workerProtocol.ts';

/** One compute process, whichever way it was started. */
export interface WorkerLink {
  send(message: ToWorker): void;
  /** Called once, by the owner, before anything arrives. */
  listen(listener: {
    message(message: FromWorker): void;
    exit(status: string, failure: Failure | null): void;
  }): void;
  kill(): void;
  readonly pid: number | undefined;
}

/** Starts a fresh compute process. */
export type StartWorker = () => WorkerLink;

interface Outputs {
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
}

/** How a process ended, in words. One that was killed wrote nothing of it: its last lines would be about something else. */
export function endWords(end: {
  readonly signal?: string | null;
  readonly code: number | null;
  readonly tail: OutputTail;
}): string {
  const { signal = null, code, tail } = end;
  if (signal === 'SIGKILL') return 'it was killed, by the system for want of memory or by hand';
  return [signal ?? `code ${code}`, tail.summary()].join(' ').trim();
}

/** Libraries write their errors in red, for a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const COLOURS = /\u001b\[[\d;]*m/g;

/** Keeps the end of what a process wrote, to say why it died. */
export class OutputTail {
  readonly #limit: number;
  #text = '';

  constructor(limit = 2000) {
    this.#limit = limit;
  }

  /** Of all that a process writes. */
  static of({ stdout, stderr }: Outputs): OutputTail {
    const tail = new OutputTail();
    for (const stream of [stdout, stderr]) stream?.on('data', (chunk) => tail.add(chunk));
    return tail;
  }

  add(chunk: unknown): void {
    this.#text = (this.#text + String(chunk)).slice(-this.#limit);
    if (process.env.FACET_WORKER_LOG) process.stderr.write(String(chunk));
  }

  /** What the process itself gave as the reason of its end. */
  failure(): Failure | null {
    return lastFailure(this.#text);
  }

  /** The last few lines, on one. */
  summary(): string {
    return this.#text.replace(COLOURS, '').trim().split('\n').slice(-3).join(' | ');
  }
}
