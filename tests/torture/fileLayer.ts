/**
 * A layer under a process's files, loaded before it (`--import`): it notes in FACET_FILE_JOURNAL what has been written and not
 * synced, so that a power cut can take it back (`cutFiles.ts`). SQLite's own file has `powerCut.ts`.
 */
import { appendFileSync, existsSync, linkSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';

/** A JSON line each. */
export type Noted =
  /** Bytes from `start` to `end` are not on the disk. */
  | { readonly type: 'write'; readonly path: string; readonly start: number; readonly end: number }
  | { readonly type: 'sync'; readonly path: string }
  /** `old` keeps what stood in the place of `to`; null where nothing did. */
  | { readonly type: 'move'; readonly from: string; readonly to: string; readonly old: string | null };

const journal = process.env.FACET_FILE_JOURNAL ?? '';
const note = (noted: Noted): void => appendFileSync(journal, `${JSON.stringify(noted)}\n`);

type Handle = fs.FileHandle;
type Write = (bytes: Uint8Array, offset: number, length: number, position: number) => Promise<unknown>;

function watched(handle: Handle, path: string): Handle {
  const write = handle.write.bind(handle) as unknown as Write;
  const [sync, datasync] = [handle.sync.bind(handle), handle.datasync.bind(handle)];
  return Object.assign(handle, {
    write: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      note({ type: 'write', path, start: position, end: position + length });
      return write(bytes, offset, length, position);
    },
    sync: async () => {
      await sync();
      note({ type: 'sync', path });
    },
    datasync: async () => {
      await datasync();
      note({ type: 'sync', path });
    },
  });
}

if (journal !== '') {
  const { open, rename } = fs;
  let moves = 0;
  fs.open = async (path, ...rest) => watched(await open(path, ...rest), resolve(String(path)));
  fs.rename = async (from, to) => {
    const [source, target] = [resolve(String(from)), resolve(String(to))];
    moves += 1;
    const old = `${target}.${process.pid}-${moves}.stood-before`;
    let keeps = existsSync(target);
    try {
      if (keeps) linkSync(target, old);
    } catch {
      // A folder can't be linked; none of ours takes the place of another.
      keeps = false;
    }
    await rename(from, to);
    note({ type: 'move', from: source, to: target, old: keeps ? old : null });
  };
  syncBuiltinESMExports();
}
