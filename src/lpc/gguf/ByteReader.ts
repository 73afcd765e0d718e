/** Reads numbers and texts of a GGUF header in order, never past its end. */
import type { FileHandle } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';
import { readInto } from '#disk/bytes.ts';

export const badGguf = (path: string, why: string, field?: string): FacetError =>
  new FacetError({
    code: 'model.bad-gguf',
    message: `${path}: ${why}.`,
    fix: 'Fetch the file again; it may be cut off or damaged.',
    where: { file: path, ...(field !== undefined && { field }) },
  });

/** Bytes read ahead at once; strings of a vocabulary are small and many. */
const PIECE_BYTES = 4 * 1024 * 1024;

export class ByteReader {
  readonly path: string;
  readonly size: number;
  #file: FileHandle;
  #piece: Buffer = Buffer.alloc(0);
  #pieceAt = 0;
  #at = 0;

  constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.size = size;
  }

  get position(): number {
    return this.#at;
  }
  /** Bytes between here and the file's end. */
  get left(): number {
    return this.size - this.#at;
  }

  /** The next `length` bytes. Throws `model.bad-gguf` before memory is taken where the file has fewer. */
  async bytes(length: number): Promise<Buffer> {
    if (length > this.left) throw badGguf(this.path, `it ends ${length - this.left} bytes too early`);
    const from = this.#at - this.#pieceAt;
    this.#at += length;
    if (from + length <= this.#piece.length) return this.#piece.subarray(from, from + length);
    const start = this.#at - length;
    const piece = new Uint8Array(Math.min(Math.max(length, PIECE_BYTES), this.size - start));
    if ((await readInto(this.#file, piece, start)) < length)
      throw badGguf(this.path, 'it became shorter while it was read');
    this.#piece = Buffer.from(piece.buffer);
    this.#pieceAt = start;
    return this.#piece.subarray(0, length);
  }

  async u32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  /** A count or offset; those beyond 2^53 can't be right. */
  async u64(): Promise<number> {
    const value = (await this.bytes(8)).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw badGguf(this.path, `it states a length of ${value}`);
    return Number(value);
  }

  async text(): Promise<string> {
    return (await this.bytes(await this.u64())).toString('utf8');
  }
}
