import { FacetError } from '#core/result.ts';

export interface RawRow {
  /** Line of a JSON Lines file or element of a JSON array, from 1. */
  readonly row: number;
  readonly text: string;
}

const LONGEST_ROW_CHARACTERS = 64 * 1024 * 1024;

function checkLength(length: number, row: number): void {
  if (length <= LONGEST_ROW_CHARACTERS) return;
  throw new FacetError({
    code: 'import.row-too-long',
    message: `Row ${row} is longer than 64 MiB.`,
    fix: 'The file must be JSON Lines (one object per line) or a JSON array of objects.',
    where: { row },
  });
}

/** Lines of JSON Lines text; blank lines are no rows, but count as lines. */
export class LineSplitter {
  #rest = '';
  #line = 0;

  *push(chunk: string): Generator<RawRow> {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const text = this.#rest + chunk.slice(start, end);
      this.#rest = '';
      this.#line += 1;
      start = end + 1;
      if (text.trim() !== '') yield { row: this.#line, text };
    }
    this.#rest += chunk.slice(start);
    checkLength(this.#rest.length, this.#line + 1);
  }

  end(): RawRow[] {
    return this.#rest.trim() === '' ? [] : [{ row: this.#line + 1, text: this.#rest }];
  }
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Elements of one JSON array, cut without parsing: brackets are counted outside strings. */
class ArraySplitter {
  #rest = '';
  #row = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #ended = false;

  *push(chunk: string): Generator<RawRow> {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) this.#inString = false;
        continue;
      }
      if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        this.#depth += 1;
        if (this.#depth === 1) start = index + 1;
      } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) this.#depth -= 1;
      const closes = this.#depth === 0 && code === CLOSE_ARRAY && !this.#ended;
      if (closes || (code === COMMA && this.#depth === 1)) {
        yield* this.#take(chunk.slice(start, index));
        start = index + 1;
        this.#ended = closes;
      }
    }
    if (this.#depth > 0) this.#rest += chunk.slice(start);
    checkLength(this.#rest.length, this.#row + 1);
  }

  *#take(piece: string): Generator<RawRow> {
    const text = (this.#rest + piece).trim();
    this.#rest = '';
    if (text !== '') yield { row: ++this.#row, text };
  }

  end(): RawRow[] {
    if (this.#ended) return [];
    throw new FacetError({
      code: 'import.unreadable-file',
      message: `The JSON array ends in the middle, after ${this.#row} rows.`,
      fix: 'The file is cut off; fetch it again.',
      where: { row: this.#row + 1 },
    });
  }
}

/** Tells JSON Lines from a JSON array by the first character, then cuts the text into rows. */
export async function* splitRows(chunks: AsyncIterable<string>): AsyncGenerator<RawRow[]> {
  let splitter: LineSplitter | ArraySplitter | null = null;
  let blank = '';
  for await (const raw of chunks) {
    let chunk = raw;
    if (!splitter) {
      blank += chunk;
      const first = blank.replace(/^\uFEFF/, '').trimStart()[0];
      if (first === undefined) continue;
      splitter = first === '[' ? new ArraySplitter() : new LineSplitter();
      chunk = blank.replace(/^\uFEFF/, '');
    }
    yield [...splitter.push(chunk)];
  }
  if (splitter) yield splitter.end();
}
