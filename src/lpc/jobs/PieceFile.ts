/**
 * A result written in pieces: what is there of it survives a stop or a crash, and the same question goes on from it.
 * Beside the data lies a note with a fingerprint of the question and how far the data is to be trusted; the result gets
 * its own name once it is whole.
 */
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../train/atomicFolder.ts';

const noteSchema = z.object({ fingerprint: z.string(), items: z.number().int(), bytes: z.number().int() });
type Note = z.infer<typeof noteSchema>;

async function readNote(path: string): Promise<Note | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = noteSchema.safeParse(jsonOrNull(text));
  // A damaged note vouches for nothing: the work begins anew.
  return parsed.success ? parsed.data : null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export class PieceFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #note: Note;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle, note: Note) {
    this.#path = path;
    this.#handle = handle;
    this.#note = note;
  }

  /** Goes on with what the same question left, or begins anew. The caller closes it, or finishes it. */
  static async open(path: string, fingerprint: string): Promise<PieceFile> {
    const left = await readNote(`${path}.note`);
    const note = left?.fingerprint === fingerprint ? left : { fingerprint, items: 0, bytes: 0 };
    const handle = await open(`${path}.pieces`, note.items > 0 ? 'r+' : 'w');
    // What was written after the last note may be half a piece.
    await handle.truncate(note.bytes);
    return new PieceFile(path, handle, note);
  }

  /** Items that are there already. */
  get items(): number {
    return this.#note.items;
  }

  /** Durable when it returns. */
  async append(data: Uint8Array, items: number): Promise<void> {
    await this.#handle.write(data, 0, data.length, this.#note.bytes);
    await this.#handle.sync();
    const note = { ...this.#note, items: this.#note.items + items, bytes: this.#note.bytes + data.length };
    await writeFileAtomic(`${this.#path}.note`, [JSON.stringify(note)]);
    this.#note = note;
  }

  /** Leaves what is there for the next time; nothing is done after `finish`. */
  async close(): Promise<void> {
    if (this.#isOpen) await this.#handle.close();
    this.#isOpen = false;
  }

  /** Gives the whole result its name. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.close();
    await rename(`${this.#path}.pieces`, this.#path);
    await rm(`${this.#path}.note`, { force: true });
  }
}
