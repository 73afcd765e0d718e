import { type ParsedRow, parseRow, plainLine } from './parseRow.ts';
import { CLOSE_OBJECT, NEWLINE, OPEN_OBJECT, RETURN, ValueSplitter } from './ValueSplitter.ts';

/**
 * JSON bytes as rows. A line that is one whole object, as nearly every line of JSON Lines is, is found and parsed by the
 * engine's own functions; `ValueSplitter` goes over everything else byte by byte, to the same result.
 */
export class RowCutter {
  readonly #splitter = new ValueSplitter();

  push(chunk: Uint8Array): ParsedRow[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const hasReturns = bytes.includes(RETURN);
    const rows: ParsedRow[] = [];
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start);
      let end = newline < 0 ? bytes.length : newline + 1;
      const isLine = newline >= 0 && this.#splitter.isBetween;
      const value = isLine ? wholeObject(bytes, start, newline, hasReturns) : null;
      if (value) rows.push({ row: this.#splitter.takeLine(), value });
      else {
        // Empty lines in one go: millions of them pack into next to nothing.
        while (bytes[end] === NEWLINE || bytes[end] === RETURN) end += 1;
        for (const cut of this.#splitter.push(bytes.subarray(start, end))) rows.push(parseRow(cut));
      }
      start = end;
    }
    return rows;
  }

  end(): { rows: ParsedRow[]; unclosed: boolean } {
    const { values, unclosed } = this.#splitter.end();
    return { rows: values.map(parseRow), unclosed };
  }
  /** Rows so far. */
  get count(): number {
    return this.#splitter.count;
  }
}

function wholeObject(bytes: Buffer, start: number, newline: number, hasReturns: boolean): object | null {
  const end = newline > start && bytes[newline - 1] === RETURN ? newline - 1 : newline;
  if (bytes[start] !== OPEN_OBJECT || bytes[end - 1] !== CLOSE_OBJECT) return null;
  // One within the line would count as a line's end.
  if (hasReturns && bytes.subarray(start, end).includes(RETURN)) return null;
  return plainLine(bytes.toString('utf8', start, end));
}
