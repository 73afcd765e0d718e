import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './failures.ts';

const MOST_BYTES = 1024 ** 2;
const OLDER_KEPT = 3;
/** More than that at once says nothing new, and would fill the memory of a process whose disk is slow. */
const MOST_WAITING = 1000;

interface Options {
  readonly mostBytes?: number;
  readonly olderKept?: number;
  /** Called once where the disk takes nothing: a log is no reason to fail. */
  readonly onFailure?: (error: unknown) => void;
}

/** Lines at the end of a file that begins anew when it is large; a few older ones stay beside it, `.1` the newest. */
export class RotatingFile {
  readonly #path: string;
  readonly #options: Required<Options>;
  #waiting: string[] = [];
  #writing: Promise<void> | null = null;
  #hasFailed = false;

  constructor(path: string, options: Options = {}) {
    this.#path = path;
    this.#options = { mostBytes: MOST_BYTES, olderKept: OLDER_KEPT, onFailure: () => undefined, ...options };
  }

  /** Returns at once; never throws. */
  add(line: string): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(`${line}\n`);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves once all that was added is written, or could not be. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join('');
      this.#waiting = [];
      try {
        await mkdir(dirname(this.#path), { recursive: true });
        await this.#makeRoom();
        await appendFile(this.#path, text, { mode: 0o600 });
      } catch (error) {
        if (!this.#hasFailed) this.#options.onFailure(error);
        this.#hasFailed = true;
      }
    }
  }

  async #makeRoom(): Promise<void> {
    const size = await stat(this.#path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size < this.#options.mostBytes) return;
    for (let number = this.#options.olderKept; number > 0; number -= 1)
      await rename(
        number === 1 ? this.#path : `${this.#path}.${number - 1}`,
        `${this.#path}.${number}`,
      ).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
  }
}
