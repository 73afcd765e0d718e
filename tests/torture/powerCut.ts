/**
 * What a power cut leaves of a database: of the log, what was synced and any torn part of the rest; of the file itself, pages
 * that were being copied from the log, in any state, for those have not been synced either.
 */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RandomSource } from '#core/random.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Frames of the log's present generation, by their salts, up to the last commit. */
function committedFrames(log: Buffer, frameBytes: number): number {
  let committed = 0;
  for (let frame = 0; HEADER_BYTES + (frame + 1) * frameBytes <= log.length; frame += 1) {
    const at = HEADER_BYTES + frame * frameBytes;
    if (!log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))) break;
    // The size of the database after a commit; 0 in its midst.
    if (log.readUInt32BE(at + 4) > 0) committed = frame + 1;
  }
  return committed;
}

/** `synced`: frames that were on the disk when the last commit was acknowledged. */
export function cutPower(path: string, synced: number, random: RandomSource): void {
  if (!existsSync(`${path}-wal`)) return;
  const log = readFileSync(`${path}-wal`);
  if (log.length < HEADER_BYTES) return;
  const pageBytes = log.readUInt32BE(8);
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const committed = committedFrames(log, frameBytes);
  // Fewer than that: the log began anew since, which it does only when all of it is in the file and synced.
  const kept = committed >= synced ? synced : 0;
  const end = HEADER_BYTES + kept * frameBytes;
  const file = openSync(`${path}-wal`, 'r+');
  const rest = log.length - end;
  if (rest > 0) {
    const written = random.integer(rest + 1);
    ftruncateSync(file, end + written);
    // A sector that was under way holds anything.
    if (written > 512) {
      const torn = Buffer.from(Uint8Array.from({ length: 512 }, () => random.integer(256)));
      writeSync(file, torn, 0, torn.length, end + random.integer(written - 512));
    }
  }
  closeSync(file);
  if (kept === 0) return;
  const database = openSync(path, 'r+');
  for (let count = 0; count < 3; count += 1) {
    const page = log.readUInt32BE(HEADER_BYTES + random.integer(kept) * frameBytes);
    // The first page is read before the log is: its copy is whole or not begun on every disk of 4 KB sectors.
    if (page < 2) continue;
    const torn = Buffer.from(Uint8Array.from({ length: 512 }, () => random.integer(256)));
    writeSync(database, torn, 0, torn.length, (page - 1) * pageBytes + 512 * random.integer(pageBytes / 512));
  }
  closeSync(database);
}
