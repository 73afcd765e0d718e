/** Files of JSON Lines whose rows ascend by a key: a row is found by a few reads, whatever the file's size. */
import type { FileHandle } from 'node:fs/promises';
import { readInto } from './bytes.ts';
import { openFile } from './openFile.ts';

/** Key of a row, which is an object; what has none comes after all others. */
export type KeyOf = (row: unknown) => number;

const READ_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

interface Line {
  readonly start: number;
  /** Without its newline. */
  readonly bytes: number;
  readonly text: string;
}

/** The first line that begins at or after `from`; null where none does. A last line without its newline is none: it may be torn. */
async function lineFrom(handle: FileHandle, from: number): Promise<Line | null> {
  // The byte before says whether a line begins here.
  let position = Math.max(0, from - 1);
  let start: number | null = from === 0 ? 0 : null;
  const parts: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(READ_BYTES);
    const length = await readInto(handle, chunk, position);
    if (length === 0) return null;
    let bytes = chunk.subarray(0, length);
    if (start === null) {
      const before = bytes.indexOf(NEWLINE);
      if (before >= 0) {
        start = position + before + 1;
        bytes = bytes.subarray(before + 1);
      } else bytes = bytes.subarray(length);
    }
    const end = bytes.indexOf(NEWLINE);
    parts.push(end < 0 ? bytes : bytes.subarray(0, end));
    if (start !== null && end >= 0) {
      const line = Buffer.concat(parts);
      return { start, bytes: line.length, text: line.toString('utf8') };
    }
    position += length;
  }
}

/** What a line holds; null where it is no object, as one that a power cut took a part of. */
function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

interface Row {
  readonly start: number;
  readonly end: number;
  readonly value: object;
}

/** The first row that begins at or after `from`, damaged lines passed over; null where there is none. */
async function rowFrom(handle: FileHandle, from: number): Promise<Row | null> {
  for (let at = from; ; ) {
    const line = await lineFrom(handle, at);
    if (line === null) return null;
    const end = line.start + line.bytes + 1;
    const value = objectIn(line.text);
    if (value !== null) return { start: line.start, end, value };
    at = end;
  }
}

/** Where the first row begins whose key is at least `key`, and that row; the end of the whole rows and null where there is none. */
async function firstAtLeast(
  handle: FileHandle,
  key: number,
  keyOf: KeyOf,
): Promise<{ readonly at: number; readonly row: object | null }> {
  let low = 0;
  let high = (await handle.stat()).size;
  let row: object | null = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await rowFrom(handle, middle);
    if (found === null || keyOf(found.value) >= key) {
      // Rows between the middle and this one there are none.
      high = middle;
      row = found?.value ?? null;
    } else low = found.end;
  }
  return { at: low, row };
}

/** The row with a key; null where there is none. Errors are the system's own. */
export async function findRow(path: string, key: number, keyOf: KeyOf): Promise<unknown> {
  return (await findRows(path, [key], keyOf))[0] ?? null;
}

/** The rows with these keys, in their order; null for each that is not there. */
export async function findRows(path: string, keys: readonly number[], keyOf: KeyOf): Promise<unknown[]> {
  const handle = await openFile(path);
  try {
    const rows: unknown[] = [];
    for (const key of keys) {
      const { row } = await firstAtLeast(handle, key, keyOf);
      rows.push(row !== null && keyOf(row) === key ? row : null);
    }
    return rows;
  } finally {
    await handle.close();
  }
}

/** Bytes of the rows whose key is below `key`. */
export async function bytesBelow(path: string, key: number, keyOf: KeyOf): Promise<number> {
  const handle = await openFile(path);
  try {
    return (await firstAtLeast(handle, key, keyOf)).at;
  } finally {
    await handle.close();
  }
}
