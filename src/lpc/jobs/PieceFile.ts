/**
 * A result written in pieces: what is there of it survives a stop or a crash, and the same question goes on from it.
 * Beside the data lies a note with a fingerprint of the question and how far the data is to be trusted; the result gets
 * its own name once it is whole.
 */
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing } from '#disk/failures.ts';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { moveTo, writeFileAtomic } from '#disk/writeFile.ts';

const noteSchema = z.object({ fingerprint: z.string(), items: z.number().int(), bytes: z.number().int() });
type Note = z.infer<typeof noteSchema>;

async function readNote(path: string): Promise<Note | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
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
  readonly #pieces: GrowingFile;
  #note: Note;

  private constructor(path: string, pieces: GrowingFile, note: Note) {
    this.#path = path;
    this.#pieces = pieces;
    this.#note = note;
  }

  /** Goes on with what the same question left, or begins anew. The caller closes it, or finishes it. */
  static async open(path: string, fingerprint: string): Promise<PieceFile> {
    const left = await readNote(`${path}.note`);
    const note = left?.fingerprint === fingerprint ? left : { fingerprint, items: 0, bytes: 0 };
    // What was written after the last note may be half a piece.
    return new PieceFile(path, await GrowingFile.open(`${path}.pieces`, note.bytes), note);
  }

  /** Items that are there already. */
  get items(): number {
    return this.#note.items;
  }

  /** Durable when it returns. */
  async append(data: Uint8Array, items: number): Promise<void> {
    await this.#pieces.append(data);
    const note = { ...this.#note, items: this.#note.items + items, bytes: this.#pieces.bytes };
    await writeFileAtomic(`${this.#path}.note`, [JSON.stringify(note)]);
    this.#note = note;
  }

  /** Leaves what is there for the next time; nothing is done after `finish`. */
  close(): Promise<void> {
    return this.#pieces.close();
  }

  /** Gives the whole result its name. */
  async finish(): Promise<void> {
    await this.close();
    await moveTo(`${this.#path}.pieces`, this.#path);
    await rm(`${this.#path}.note`, { force: true });
  }
}
