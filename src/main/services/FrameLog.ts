import { join, relative } from 'node:path';
import type { RunFrame } from '#core/runFrames.ts';
import { inTransaction } from '../data/transaction.ts';
import type { OpenProject } from './OpenProject.ts';

const FLUSH_AFTER_MS = 250;
const PAGE = 500;

/** A run's frames while it runs: stored in batches, handed to any number of readers as they come. */
export class FrameLog {
  readonly #project: OpenProject;
  readonly #runId: number;
  readonly #runDir: string;
  readonly #onFault: (error: unknown) => void;
  #stored: number;
  #pending: RunFrame[] = [];
  #timer: NodeJS.Timeout | null = null;
  #ended = false;
  readonly #readers = new Set<() => void>();

  /** `stored` frames are there from before a resume. `onFault` hears of a batch that could not be stored; its frames are kept and tried again. */
  constructor(
    project: OpenProject,
    runId: number,
    runDir: string,
    stored: number,
    onFault: (error: unknown) => void,
  ) {
    this.#project = project;
    this.#runId = runId;
    this.#runDir = runDir;
    this.#stored = stored;
    this.#onFault = onFault;
  }

  append(frame: RunFrame): void {
    this.#pending.push(frame);
    this.#wake();
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush().catch(this.#onFault);
    }, FLUSH_AFTER_MS);
  }

  /** Stores what is pending, in one transaction; a checkpoint's row comes with its frame. */
  async flush(): Promise<void> {
    await this.#project.writer.write(() => {
      if (this.#pending.length === 0) return;
      const { database, runs } = this.#project;
      inTransaction(database, () => {
        runs.appendFrames(this.#runId, this.#stored, this.#pending);
        for (const frame of this.#pending) {
          if (frame.type !== 'checkpoint') continue;
          runs.putCheckpoint(
            this.#runId,
            frame,
            relative(this.#runDir, join(frame.path)),
            new Date().toISOString(),
          );
        }
      });
      this.#stored += this.#pending.length;
      this.#pending = [];
    });
  }

  async end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      await this.flush();
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  async *read(signal?: AbortSignal): AsyncGenerator<RunFrame, void> {
    let position = 0;
    while (!signal?.aborted) {
      if (position < this.#stored) {
        const page = this.#project.runs.frames(this.#runId, position, PAGE);
        position += page.length;
        yield* page;
      } else if (position < this.#stored + this.#pending.length) {
        const frame = this.#pending[position - this.#stored] as RunFrame;
        position += 1;
        yield frame;
      } else if (this.#ended) return;
      else await this.#next(signal);
    }
  }

  #next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#readers.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#readers.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const reader of [...this.#readers]) reader();
  }
}
