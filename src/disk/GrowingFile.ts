import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAll } from './bytes.ts';
import { diskFailure } from './failures.ts';
import { syncFolder } from './writeFile.ts';

/** A file that grows at its end. One that fails to grow keeps what it had. */
export class GrowingFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #durable: number;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#durable = bytes;
  }

  /** Opens a file, made if absent with its folder, and cuts it to its first `kept` bytes. Throws `disk.…`, as every method does. */
  static async open(path: string, kept: number): Promise<GrowingFile> {
    let handle: FileHandle | null = null;
    try {
      await mkdir(dirname(path), { recursive: true });
      handle = await open(path, constants.O_RDWR | constants.O_CREAT);
      const { size } = await handle.stat();
      if (size < kept) throw new RangeError(`it has ${size} bytes, and ${kept} were to be kept`);
      await handle.truncate(kept);
      await syncFolder(dirname(path));
      return new GrowingFile(path, handle, kept);
    } catch (error) {
      await handle?.close();
      throw diskFailure(error, path);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** All of `data` or nothing of it; durable when it returns. */
  async append(data: string | Uint8Array): Promise<void> {
    await this.write(data);
    await this.sync();
  }

  /** All of `data` or nothing of it; durable after the next `sync`. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    try {
      await writeAll(this.#handle, bytes, this.#bytes);
    } catch (error) {
      await this.#cutTo(this.#bytes);
      throw diskFailure(error, this.#path);
    }
    this.#bytes += bytes.length;
  }

  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
      this.#durable = this.#bytes;
    } catch (error) {
      // What the system could not store it may have dropped: only what was durable before can be relied on.
      await this.#cutTo(this.#durable);
      throw diskFailure(error, this.#path);
    }
  }

  /** Throws away everything. */
  async empty(): Promise<void> {
    await this.#handle.truncate(0);
    this.#bytes = 0;
    this.#durable = 0;
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#handle.close();
    this.#isOpen = false;
  }

  async #cutTo(bytes: number): Promise<void> {
    this.#bytes = bytes;
    // A disk that fails here too leaves more than was asked for; the next `open` cuts it off.
    await this.#handle.truncate(bytes).catch(() => undefined);
  }
}
