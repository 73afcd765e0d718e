/**
 * Cuts UTF-8 bytes into JSON values without parsing them, in one pass: JSON Lines, values after one another, a list, a
 * list of lists, or one object that holds the list. A value that does not end is given up where a new one plainly begins.
 */
import { LIMITS } from '../files/limits.ts';

export interface CutValue {
  /** Line of the value's start where values stand alone; else its place in the list. From 1. */
  readonly row: number;
  readonly bytes: Uint8Array;
  /** Why the bytes are not the whole value. */
  readonly broken?: 'cut' | 'long' | 'deep';
}

export const NEWLINE = 10;
export const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
export const OPEN_OBJECT = 123;
export const CLOSE_OBJECT = 125;
export const DEEPEST = 200;
const LONGEST_KEY = 32;
/** Keys of an object that is not a row itself but holds the rows. */
export const WRAPPERS: ReadonlySet<string> = new Set(
  'data rows records instances examples train test validation dataset pairs comparisons items results'.split(
    ' ',
  ),
);
/** Bytes that decide something within a text. */
const DECIDES = Uint8Array.from({ length: 256 }, (_, byte) =>
  [QUOTE, BACKSLASH, NEWLINE, RETURN].includes(byte) ? 1 : 0,
);
const isBlank = (byte: number): boolean =>
  byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;

export class ValueSplitter {
  #line = 1;
  #lastWasReturn = false;
  #lineStart = true;
  #ordinal = 0;
  #byOrdinal: boolean | null = null;
  #depth = 0;
  /** Depth at which values are rows. */
  #base = 0;
  #inWrapper = false;
  #inString = false;
  #escaped = false;
  #stringBroken = false;
  #started = false;
  #scalar = false;
  #row = 0;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #from = 0;
  #deep = false;
  #lastSolid = 0;
  #key: number[] | null = null;
  #keyText = '';
  /** A list was opened that holds rows if an object comes next. */
  #maybeRows = false;

  push(chunk: Uint8Array): CutValue[] {
    const out: CutValue[] = [];
    this.#from = 0;
    for (let index = 0; index < chunk.length; index++) {
      const solid = this.#skipPlain(chunk, index);
      if (solid > index) {
        this.#lastWasReturn = false;
        this.#lineStart = false;
        index = solid;
        if (index === chunk.length) break;
      }
      const byte = chunk[index] as number;
      if (byte === NEWLINE || byte === RETURN) this.#newLine(byte);
      else this.#lastWasReturn = false;
      if (this.#inString) this.#stringByte(byte, chunk, index, out);
      else this.#byte(byte, chunk, index, out);
      this.#lineStart = byte === NEWLINE || byte === RETURN;
    }
    if (this.#started) this.#keep(chunk.subarray(this.#from));
    return out;
  }

  end(): { values: CutValue[]; unclosed: boolean } {
    const values: CutValue[] = [];
    if (this.#started) {
      if (this.#scalar && !this.#inString) this.#emit(values);
      else this.#emit(values, 'cut');
    }
    return { values, unclosed: this.#base > 0 || this.#inWrapper };
  }
  /** Rows so far. */
  get count(): number {
    return this.#ordinal;
  }

  /** At the start of a line, with nothing open: a line that is one whole value can be taken as it is. */
  get isBetween(): boolean {
    return this.#lineStart && !this.#started && this.#depth === 0 && !this.#inWrapper;
  }
  /** Passes over such a line, which ends in a line feed; gives its row. */
  takeLine(): number {
    this.#byOrdinal ??= false;
    this.#ordinal += 1;
    const row = this.#byOrdinal ? this.#ordinal : this.#line;
    this.#line += 1;
    this.#lastWasReturn = false;
    this.#lastSolid = CLOSE_OBJECT;
    return row;
  }

  /** Goes over bytes that decide nothing: most of them, and so in a loop of its own. */
  #skipPlain(chunk: Uint8Array, from: number): number {
    let index = from;
    if (!this.#inString) {
      while (chunk[index] === SPACE && !this.#lineStart) index += 1;
      return index;
    }
    if (this.#escaped || this.#key !== null || this.#stringBroken) return index;
    for (;;) {
      while (index < chunk.length && DECIDES[chunk[index] as number] === 0) index += 1;
      const next = chunk[index + 1];
      // A line's end counts, even where a backslash stands before it.
      if (chunk[index] !== BACKSLASH || next === undefined || next === NEWLINE || next === RETURN)
        return index;
      index += 2;
    }
  }

  #newLine(byte: number): void {
    if (!(byte === NEWLINE && this.#lastWasReturn)) this.#line += 1;
    this.#lastWasReturn = byte === RETURN;
  }

  #stringByte(byte: number, chunk: Uint8Array, index: number, out: CutValue[]): void {
    if (byte === OPEN_OBJECT && this.#lineStart && this.#stringBroken) {
      this.#giveUp(chunk, index, out);
      this.#byte(byte, chunk, index, out);
      return;
    }
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      this.#lastSolid = QUOTE;
      if (this.#key) this.#keyText = Buffer.from(this.#key).toString('latin1');
      this.#key = null;
    } else if (byte === NEWLINE || byte === RETURN) this.#stringBroken = true;
    else if (this.#key && this.#key.length < LONGEST_KEY) this.#key.push(byte);
  }

  #byte(byte: number, chunk: Uint8Array, index: number, out: CutValue[]): void {
    if (this.#scalar && this.#endsScalar(byte)) {
      this.#keep(chunk.subarray(this.#from, index));
      this.#emit(out);
    }
    if (isBlank(byte)) return;
    if (this.#maybeRows) this.#settleList(byte);
    const before = this.#lastSolid;
    this.#lastSolid = byte;
    switch (byte) {
      case QUOTE:
        this.#begin(index, true);
        this.#inString = true;
        this.#stringBroken = false;
        this.#key = this.#base === 0 && this.#depth === 1 ? [] : null;
        return;
      case OPEN_OBJECT:
        if (this.#lineStart && this.#depth > this.#base && ![COMMA, COLON, OPEN_LIST].includes(before)) {
          this.#giveUp(chunk, index, out);
        }
        this.#begin(index, false);
        this.#deepen();
        return;
      case OPEN_LIST:
        this.#openList(index);
        return;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.#close(chunk, index, out);
        return;
      case COMMA:
        if (this.#depth === this.#base) return;
        break;
    }
    this.#begin(index, true);
  }

  #endsScalar(byte: number): boolean {
    if (this.#depth !== this.#base) return false;
    if (byte === COMMA || byte === CLOSE_LIST) return this.#base > 0;
    return this.#base === 0 && (byte === NEWLINE || byte === RETURN);
  }

  #begin(index: number, scalar: boolean): void {
    if (this.#started || (this.#inWrapper && this.#base === 0)) return;
    this.#byOrdinal ??= this.#base > 0;
    this.#started = true;
    this.#scalar = scalar;
    this.#from = index;
    this.#row = this.#byOrdinal ? this.#ordinal + 1 : this.#line;
  }

  #deepen(): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#deep = true;
  }

  #openList(index: number): void {
    const listOfRows = this.#depth === this.#base && !this.#started && !(this.#inWrapper && this.#base === 0);
    if (listOfRows && this.#base === 0) {
      this.#byOrdinal ??= true;
      this.#deepen();
      this.#base = 1;
      return;
    }
    const wrapped = this.#base === 0 && this.#depth === 1 && WRAPPERS.has(this.#keyText);
    this.#begin(index, false);
    this.#deepen();
    if (listOfRows || wrapped) this.#maybeRows = true;
  }

  /** The first byte in a list tells whether it holds rows. */
  #settleList(byte: number): void {
    this.#maybeRows = false;
    if (byte !== OPEN_OBJECT) return;
    if (this.#base === 0) {
      this.#inWrapper = true;
      this.#byOrdinal ??= true;
      if (this.#ordinal === 0) this.#byOrdinal = true;
    }
    this.#base = this.#depth;
    this.#reset();
  }

  #close(chunk: Uint8Array, index: number, out: CutValue[]): void {
    if (this.#depth === 0) {
      this.#begin(index, true);
      return;
    }
    this.#depth -= 1;
    if (this.#started && this.#depth === this.#base && !this.#scalar) {
      this.#keep(chunk.subarray(this.#from, index + 1));
      this.#emit(out);
      return;
    }
    if (this.#inWrapper && this.#depth === 0) this.#inWrapper = false;
    if (this.#depth >= this.#base) return;
    if (this.#inWrapper) {
      this.#base = 0;
      this.#keyText = '';
    } else this.#base = this.#depth;
  }

  /** The value that did not end stops before this byte; a row begins anew. */
  #giveUp(chunk: Uint8Array, index: number, out: CutValue[]): void {
    this.#inString = false;
    this.#escaped = false;
    if (this.#started) {
      this.#keep(chunk.subarray(this.#from, index));
      this.#emit(out, 'cut');
    }
    this.#depth = this.#base;
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.byteLength;
    if (this.#size <= LIMITS.rowBytes) this.#pieces.push(piece);
    else this.#pieces = [];
    this.#from = 0;
  }

  #emit(out: CutValue[], broken?: 'cut'): void {
    this.#ordinal += 1;
    const bytes = this.#pieces.length === 1 ? (this.#pieces[0] as Uint8Array) : Buffer.concat(this.#pieces);
    const why = this.#size > LIMITS.rowBytes ? 'long' : this.#deep ? 'deep' : broken;
    out.push({ row: this.#row, bytes, ...(why !== undefined && { broken: why }) });
    this.#reset();
  }

  #reset(): void {
    this.#started = false;
    this.#scalar = false;
    this.#deep = false;
    this.#stringBroken = false;
    this.#pieces = [];
    this.#size = 0;
  }
}
