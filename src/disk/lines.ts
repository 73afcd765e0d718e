/** JSON Lines: one JSON value a line, written and read a few at a time, whatever the size of the file. */
import { createHash } from 'node:crypto';
import { FacetError } from '#core/result.ts';
import { openFile } from './openFile.ts';
import { writeFileAtomic } from './writeFile.ts';

/** Rows gathered for one write. */
const ROWS_A_WRITE = 200;
const READ_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

export const jsonLine = (row: unknown): string => `${JSON.stringify(row)}\n`;

function* gathered(rows: Iterable<unknown>): Generator<string> {
  let batch = '';
  let count = 0;
  for (const row of rows) {
    batch += jsonLine(row);
    count += 1;
    if (count < ROWS_A_WRITE) continue;
    yield batch;
    batch = '';
    count = 0;
  }
  if (batch !== '') yield batch;
}

/** Writes rows to a file, whole or not at all; gives its SHA-256 in hex. */
export async function writeJsonLines(path: string, rows: Iterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  function* hashed(): Generator<string> {
    for (const text of gathered(rows)) {
      hash.update(text);
      yield text;
    }
  }
  await writeFileAtomic(path, hashed());
  return hash.digest('hex');
}

export interface Line {
  /** Without its newline. */
  readonly text: string;
  /** From 1. */
  readonly row: number;
  /** Byte after its newline. */
  readonly end: number;
  /** Whether a newline ends it: the last line of a file that is being written may be torn. */
  readonly isWhole: boolean;
}

/** Lines of a UTF-8 file from a byte on, one at a time. Errors are the system's own. */
export async function* readLines(path: string, from = 0): AsyncGenerator<Line, void> {
  let row = 0;
  let end = from;
  let rest: Buffer[] = [];
  const stream = (await openFile(path)).createReadStream({ start: from, highWaterMark: READ_BYTES });
  for await (const chunk of stream) {
    let bytes = chunk as Buffer;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE)) {
      const line =
        rest.length === 0 ? bytes.subarray(0, at) : Buffer.concat([...rest, bytes.subarray(0, at)]);
      rest = [];
      bytes = bytes.subarray(at + 1);
      row += 1;
      end += line.length + 1;
      yield { text: line.toString('utf8'), row, end, isWhole: true };
    }
    if (bytes.length > 0) rest.push(bytes);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) {
    yield { text: last.toString('utf8'), row: row + 1, end: end + last.length, isWhole: false };
  }
}

/**
 * Values of a JSON Lines file, one at a time, each as `parse` takes it; empty lines are passed over. Throws
 * `disk.bad-line` with file and row for one that is no JSON or that `parse` refuses.
 */
export async function* readJsonLines<T>(path: string, parse: (value: unknown) => T): AsyncGenerator<T, void> {
  for await (const { text, row } of readLines(path)) {
    if (text.trim() === '') continue;
    try {
      yield parse(JSON.parse(text));
    } catch (error) {
      throw new FacetError(
        {
          code: 'disk.bad-line',
          message: `Row ${row} of ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`,
          fix: 'Correct or remove the row, or write the file again.',
          where: { file: path, row },
        },
        { cause: error },
      );
    }
  }
}
