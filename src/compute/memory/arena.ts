/** ONNX Runtime's arena: what a run's arrays come to once they are cut from the blocks that it takes. */
import type { BufferEvent } from './buffers.ts';

const SMALLEST_BYTES = 256;
const FIRST_BLOCK_BYTES = 2 ** 20;
/** A free piece larger than asked for by less than this, and less than twice as large, is handed out whole. */
const MOST_WASTED_BYTES = 128 * 2 ** 20;

interface Piece {
  readonly block: number;
  readonly from: number;
  size: number;
  taken: boolean;
  previous: Piece | null;
  next: Piece | null;
}

/** Best fit over free pieces; blocks double in size; neighbours that are free become one; nothing is ever given back. */
class Arena {
  readonly #free = new Set<Piece>();
  #blockBytes = FIRST_BLOCK_BYTES;
  /** End of what was written in each block, as intervals: pages that were never written take no memory. */
  readonly #written: [number, number][][] = [];

  take(bytes: number): Piece {
    const size = SMALLEST_BYTES * Math.max(1, Math.ceil(bytes / SMALLEST_BYTES));
    const piece = this.#best(size) ?? this.#extend(size);
    this.#free.delete(piece);
    if (piece.size >= 2 * size || piece.size - size >= MOST_WASTED_BYTES) this.#split(piece, size);
    piece.taken = true;
    this.#written[piece.block]?.push([piece.from, piece.from + bytes]);
    return piece;
  }

  #best(size: number): Piece | null {
    let best: Piece | null = null;
    for (const piece of this.#free) {
      if (piece.size < size) continue;
      const isBetter =
        best === null ||
        piece.size < best.size ||
        (piece.size === best.size &&
          (piece.block < best.block || (piece.block === best.block && piece.from < best.from)));
      if (isBetter) best = piece;
    }
    return best;
  }

  #extend(size: number): Piece {
    const grown = size > this.#blockBytes;
    while (size > this.#blockBytes) this.#blockBytes *= 2;
    const piece: Piece = {
      block: this.#written.length,
      from: 0,
      size: this.#blockBytes,
      taken: false,
      previous: null,
      next: null,
    };
    if (!grown) this.#blockBytes *= 2;
    this.#written.push([]);
    return piece;
  }

  #split(piece: Piece, size: number): void {
    const rest: Piece = {
      block: piece.block,
      from: piece.from + size,
      size: piece.size - size,
      taken: false,
      previous: piece,
      next: piece.next,
    };
    if (piece.next !== null) piece.next.previous = rest;
    piece.next = rest;
    piece.size = size;
    this.#free.add(rest);
  }

  giveBack(piece: Piece): void {
    piece.taken = false;
    let whole = piece;
    if (piece.next !== null && !piece.next.taken) this.#join(piece, piece.next);
    if (piece.previous !== null && !piece.previous.taken) {
      whole = piece.previous;
      this.#join(whole, piece);
    }
    this.#free.add(whole);
  }

  #join(left: Piece, right: Piece): void {
    this.#free.delete(right);
    left.size += right.size;
    left.next = right.next;
    if (right.next !== null) right.next.previous = left;
  }

  writtenBytes(): number {
    return this.#written.reduce((sum, intervals) => sum + unionLength(intervals), 0);
  }
}

function unionLength(intervals: readonly (readonly [number, number])[]): number {
  let length = 0;
  let end = 0;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    length += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return length;
}

/** Bytes of memory that an arena has written to after a run, and keeps. */
export function arenaBytes(events: readonly BufferEvent[]): number {
  const arena = new Arena();
  const pieces = new Map<number, Piece>();
  for (const { kind, buffer, bytes } of events) {
    if (kind === 'take') pieces.set(buffer, arena.take(bytes));
    else {
      const piece = pieces.get(buffer);
      if (piece !== undefined) arena.giveBack(piece);
      pieces.delete(buffer);
    }
  }
  return arena.writtenBytes();
}

/** Largest sum of what is taken at once: what a run needs where memory is handed out without waste. */
export function liveBytes(events: readonly BufferEvent[]): number {
  let alive = 0;
  let most = 0;
  for (const { kind, bytes } of events) {
    alive += kind === 'take' ? bytes : -bytes;
    most = Math.max(most, alive);
  }
  return most;
}
