/** What a power cut leaves of files written under `fileLayer.ts`: what was not synced is dropped or torn, names not synced may be the old ones. */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RandomSource } from '#core/random.ts';
import type { Noted } from './fileLayer.ts';

type Move = Extract<Noted, { type: 'move' }>;
type Write = Extract<Noted, { type: 'write' }>;

interface Unsynced {
  readonly writes: Map<string, Write[]>;
  readonly moves: Move[];
}

/** Journals of one moment, each in its own order: main and its compute process write no file both. */
function unsyncedOf(journals: readonly string[]): Unsynced {
  const writes = new Map<string, Write[]>();
  let moves: Move[] = [];
  for (const path of journals.filter((journal) => existsSync(journal))) {
    // The last line may be cut.
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    for (const noted of lines.map((line) => JSON.parse(line) as Noted)) {
      if (noted.type === 'write') writes.set(noted.path, [...(writes.get(noted.path) ?? []), noted]);
      else if (noted.type === 'sync') {
        writes.delete(noted.path);
        moves = moves.filter(({ to }) => dirname(to) !== noted.path);
      } else {
        // Its bytes go with it, those of files in a folder too.
        for (const [place, found] of [...writes]) {
          if (place !== noted.from && !place.startsWith(`${noted.from}/`)) continue;
          writes.delete(place);
          writes.set(noted.to + place.slice(noted.from.length), found);
        }
        moves.push(noted);
      }
    }
  }
  return { writes, moves };
}

function cutWrites(path: string, writes: readonly Write[], random: RandomSource): void {
  if (!existsSync(path) || !statSync(path).isFile()) return;
  const file = openSync(path, 'r+');
  const { size } = statSync(path);
  for (const { start, end } of writes) {
    const kept = start + random.integer(end - start + 1);
    if (kept >= size) continue;
    // The file ends there, or what follows was given room and never filled.
    if (random.integer(2) === 0 && end >= size) ftruncateSync(file, kept);
    else writeSync(file, Buffer.alloc(Math.min(end, size) - kept), 0, Math.min(end, size) - kept, kept);
  }
  closeSync(file);
}

/** Gives how many files and names lost something. */
export function cutFiles(journals: readonly string[], random: RandomSource): { cut: number; taken: number } {
  const { writes, moves } = unsyncedOf(journals);
  for (const [path, extents] of writes) cutWrites(path, extents, random);
  let taken = 0;
  for (const { from, to, old } of moves.toReversed()) {
    if (random.integer(2) === 0 || !existsSync(to)) continue;
    renameSync(to, from);
    if (old !== null && existsSync(old)) renameSync(old, to);
    taken += 1;
  }
  return { cut: writes.size, taken };
}

/** What the layer kept of replaced files. */
export function removeKept(journals: readonly string[]): void {
  for (const path of journals.filter((journal) => existsSync(journal)))
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
      const noted = JSON.parse(line) as Noted;
      if (noted.type === 'move' && noted.old !== null) rmSync(noted.old, { force: true });
    }
}
