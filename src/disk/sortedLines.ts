/** Files of JSON Lines whose rows ascend by a key: a row is found by a few reads, whatever the file's size. */
import type { FileHandle } from 'node:fs/promises';
import { readInto } from './bytes.ts';
import { openFile } from './openFile.ts';

/** Key of a row; what has none comes after all others. */
export type KeyOf = (row: unknown) => number;

const READ_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

/** The first line that begins at or after `from`; null where none does. A last line without its newline is none: it may be torn. */
async function lineFrom(handle: FileHandle, from: number): Promise<{ start: number; text: string } | null> {
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
    if (start !== null && end >= 0) return { start, text: Buffer.concat(parts).toString('utf8') };
    position += length;
  }
}

/** Where the first row begins whose key is at least `key`, and that row; the end of the whole rows and null where there is none. */
async function firstAtLeast(
  handle: FileHandle,
  key: number,
  keyOf: KeyOf,
): Promise<{ readonly at: number; readonly row: unknown }> {
  let low = 0;
  let high = (await handle.stat()).size;
  let row: unknown = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(handle, middle);
    const value: unknown = line && JSON.parse(line.text);
    if (line === null || keyOf(value) >= key) {
      // Lines between the middle and this one there are none.
      high = middle;
      row = value;
    } else low = line.start + Buffer.byteLength(line.text) + 1;
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
