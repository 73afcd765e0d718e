/** Whole files: complete under their own name, or absent. */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAll } from './bytes.ts';
import { diskFailure } from './failures.ts';
import { whileHeld } from './heldFile.ts';
import { openFile } from './openFile.ts';
import { partialPath, removeAbandoned } from './partials.ts';

export interface FileOptions {
  /** Who may read and write it, as in `chmod`; what the process gives by default. */
  readonly mode?: number;
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows can't open a folder for syncing; there the move itself is journalled.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file or folder another name, in the place of a file that has it; durable when it returns. */
export async function moveTo(from: string, to: string): Promise<void> {
  try {
    await whileHeld(() => rename(from, to));
    await syncFolder(dirname(to));
  } catch (error) {
    throw diskFailure(error, to);
  }
}

/** A file under way: written part by part, then sealed or abandoned. */
export class FileWriter {
  readonly #path: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #bytes = 0;
  #isOpen = true;

  private constructor(path: string, partial: string, handle: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** Makes the folder where there is none. Throws `disk.…`, as every method does. */
  static async open(path: string, { mode }: FileOptions = {}): Promise<FileWriter> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await removeAbandoned(path);
      const partial = partialPath(path);
      return new FileWriter(path, partial, await open(partial, 'wx', mode));
    } catch (error) {
      throw diskFailure(error, path);
    }
  }

  /** Written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  async write(part: string | Uint8Array): Promise<void> {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    try {
      await writeAll(this.#handle, bytes, this.#bytes);
    } catch (error) {
      throw diskFailure(error, this.#path);
    }
    this.#bytes += bytes.length;
  }

  /** Gives the file its name; durable when it returns. Removes it where that fails. */
  async finish(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#close();
      await moveTo(this.#partial, this.#path);
    } catch (error) {
      await this.abandon();
      throw diskFailure(error, this.#path);
    }
  }

  /** Leaves nothing behind; does nothing after `finish`. */
  async abandon(): Promise<void> {
    await this.#close();
    await rm(this.#partial, { force: true });
  }

  async #close(): Promise<void> {
    if (this.#isOpen) await this.#handle.close();
    this.#isOpen = false;
  }
}

type Part = string | Uint8Array;

/** Writes a file whole or not at all, in the place of one that is there. Whatever fails, `parts` included, leaves the old one. */
export async function writeFileAtomic(
  path: string,
  parts: Iterable<Part> | AsyncIterable<Part>,
  options?: FileOptions,
): Promise<void> {
  const writer = await FileWriter.open(path, options);
  try {
    for await (const part of parts) await writer.write(part);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

export const copyTo = async (from: string, to: string): Promise<void> =>
  writeFileAtomic(to, (await openFile(from)).createReadStream() as AsyncIterable<Buffer>);
