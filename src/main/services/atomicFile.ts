import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

/** Pieces gathered for one write: a long file never holds the process up. */
const PIECES_A_WRITE = 200;

/** Writes a small file whole or not at all: beside its place, synced, then renamed. */
export function writeSmallFile(path: string, text: string): void {
  const partial = `${path}.partial`;
  try {
    const file = openSync(partial, 'w');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function* gathered(pieces: Iterable<string>): Generator<string> {
  let batch: string[] = [];
  for (const piece of pieces) {
    batch.push(piece);
    if (batch.length < PIECES_A_WRITE) continue;
    yield batch.join('');
    batch = [];
  }
  if (batch.length > 0) yield batch.join('');
}

/** The same for a long file, piece by piece. Gives its SHA-256 in hex. */
export async function writeFileAtomically(path: string, pieces: Iterable<string>): Promise<string> {
  const partial = `${path}.partial`;
  const hash = createHash('sha256');
  try {
    const file = await open(partial, 'w');
    try {
      for (const batch of gathered(pieces)) {
        hash.update(batch);
        await file.write(batch);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return hash.digest('hex');
}

export function* jsonLines(rows: Iterable<unknown>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}
