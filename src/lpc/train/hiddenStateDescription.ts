/** The description beside a file of hidden states: which pairs it holds, how many bytes and their hash. */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readInto } from '#disk/bytes.ts';
import { isMissing } from '#disk/failures.ts';

export const FORMAT = 1;
const READ_BYTES = 4 * 1024 ** 2;

export interface Description {
  readonly format: typeof FORMAT;
  readonly bytes: number;
  readonly sha256: string;
  /** Numbers of each pair by its key, in the order of the file. */
  readonly sizes: readonly (readonly [string, number])[];
  /** Milliseconds of a row; 0 where that is not known. */
  readonly msPerRow: number;
}

export const dataPath = (folder: string, key: string): string => join(folder, `${key}.f32`);
export const descriptionPath = (folder: string, key: string): string => join(folder, `${key}.json`);

export async function readDescription(
  folder: string,
  key: string,
): Promise<Description | 'absent' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(descriptionPath(folder, key), 'utf8');
  } catch (error) {
    if (isMissing(error)) return 'absent';
    throw error;
  }
  try {
    const found = JSON.parse(text) as Description;
    return found.format === FORMAT && Array.isArray(found.sizes) ? found : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Reads the first `bytes` of a file once: into memory where it fits, and for their hash. */
export async function readAndHash(file: FileHandle, bytes: number, into: Uint8Array | null): Promise<Hash> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(into ? 0 : READ_BYTES);
  for (let at = 0; at < bytes; ) {
    const length = Math.min(READ_BYTES, bytes - at);
    const target = into ? into.subarray(at, at + length) : buffer.subarray(0, length);
    const there = await readInto(file, target, at);
    hash.update(target.subarray(0, there));
    if (there < length) break;
    at += there;
  }
  return hash;
}
