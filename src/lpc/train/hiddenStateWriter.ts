/**
 * Writes hidden states so that what a stop or a crash leaves is gone on with. States under way lie in
 * `<key>.<process>-<random>.f32` with a description of what is certain of them; the next writer of the key takes the file
 * over, under a name of its own, where the process that wrote it is gone. Two at once each write their own, the last one counts.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { GrowingFile } from '#disk/GrowingFile.ts';
import { isProcessAlive } from '#disk/partials.ts';
import { moveTo, writeFileAtomic } from '#disk/writeFile.ts';
import {
  type Description,
  dataPath,
  descriptionPath,
  FORMAT,
  readAndHash,
  readDescription,
} from './hiddenStateDescription.ts';

const DATA_SUFFIX = '.f32';
/** All files of the folder together; the longest unused go first. */
const MOST_BYTES_OF_FOLDER = 8 * 1024 ** 3;
/** Left free on the disk. */
const SPARE_BYTES = 1024 ** 3;
/** A crash loses no more work than this. */
const DESCRIBED_EVERY_MS = 5000;

/** Names under which this process writes now. */
const underWay = new Set<string>();

const UNDER_WAY = /^(.+)\.(\d+)-[0-9a-f]{8}$/;

/** Whether states are still being written under this name, by this process or another. */
function isBeingWritten(name: string): boolean {
  const pid = UNDER_WAY.exec(name)?.[2];
  if (pid === undefined) return false;
  return underWay.has(name) || (Number(pid) !== process.pid && isProcessAlive(Number(pid)));
}

/** Whether it holds states of `key` that somebody began. */
const isBegun = (name: string, key: string): boolean => UNDER_WAY.exec(name)?.[1] === key;

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith(DATA_SUFFIX)).map((file) => file.slice(0, -DATA_SUFFIX.length));
}

async function makeRoom(folder: string, key: string, bytes: number, mostBytes: number): Promise<void> {
  const names = (await namesIn(folder)).filter(
    (name) => name !== key && !isBegun(name, key) && !isBeingWritten(name),
  );
  const known = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(dataPath(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  let total = known.reduce((sum, { size }) => sum + size, bytes);
  for (const { name, size } of known.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= mostBytes) return;
    await rm(descriptionPath(folder, name), { force: true });
    await rm(dataPath(folder, name), { force: true });
    total -= size;
  }
}

interface Begun {
  readonly description: Description;
  readonly hash: Hash;
}

/** What is certain of a file under way: the part that its description vouches for, where the hash is right. */
async function begunIn(folder: string, name: string): Promise<Begun | null> {
  const description = await readDescription(folder, name);
  if (typeof description === 'string') return null;
  const file = await open(dataPath(folder, name), 'r');
  try {
    const hash = await readAndHash(file, description.bytes, null);
    return hash.copy().digest('hex') === description.sha256 ? { description, hash } : null;
  } finally {
    await file.close();
  }
}

/** Takes over what another try of `key` left, under `own` name; null where there is nothing, or where another was faster. */
async function takeOver(folder: string, key: string, own: string): Promise<Begun | null> {
  for (const name of await namesIn(folder)) {
    if (!isBegun(name, key) || isBeingWritten(name)) continue;
    try {
      // Of two that want it, one gets it.
      await moveTo(dataPath(folder, name), dataPath(folder, own));
      await moveTo(descriptionPath(folder, name), descriptionPath(folder, own));
      return await begunIn(folder, own);
    } catch {
      // Without its description it is worth nothing, and is written over.
    }
  }
  return null;
}

export interface HiddenStateWriter {
  /** Pairs whose states an earlier try left. */
  readonly begun: ReadonlySet<string>;
  add(key: string, states: Float32Array): Promise<void>;
  /** Syncs and seals; in the place of what was there under the key. */
  finish(msPerRow: number): Promise<void>;
  /** Leaves what is there for the next try; does nothing after `finish` or `abandon`. */
  leave(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** A writer of `bytes`, or null where the disk has no room for them. */
export async function writeHiddenStates(
  folder: string,
  key: string,
  bytes: number,
  mostBytesOfFolder = MOST_BYTES_OF_FOLDER,
): Promise<HiddenStateWriter | null> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + SPARE_BYTES) return null;
  await makeRoom(folder, key, bytes, mostBytesOfFolder);
  const own = `${key}.${process.pid}-${randomBytes(4).toString('hex')}`;
  underWay.add(own);
  const begun = await takeOver(folder, key, own);
  const file = await GrowingFile.open(dataPath(folder, own), begun?.description.bytes ?? 0);
  const hash = begun?.hash ?? createHash('sha256');
  const sizes: (readonly [string, number])[] = [...(begun?.description.sizes ?? [])];
  let isOpen = true;
  let describedMs = performance.now();
  const close = async (): Promise<void> => {
    isOpen = false;
    underWay.delete(own);
    await file.close();
  };
  const describe = async (name: string, msPerRow: number): Promise<void> => {
    const sha256 = hash.copy().digest('hex');
    const description: Description = { format: FORMAT, bytes: file.bytes, sha256, sizes, msPerRow };
    await writeFileAtomic(descriptionPath(folder, name), [JSON.stringify(description)]);
    describedMs = performance.now();
  };
  const syncAndDescribe = async (): Promise<void> => {
    await file.sync();
    await describe(own, 0);
  };
  return {
    begun: new Set(sizes.map(([pair]) => pair)),
    async add(pair, states) {
      const view = new Uint8Array(states.buffer, states.byteOffset, states.byteLength);
      await file.write(view);
      hash.update(view);
      sizes.push([pair, states.length]);
      if (performance.now() - describedMs >= DESCRIBED_EVERY_MS) await syncAndDescribe();
    },
    async finish(msPerRow) {
      await file.sync();
      await close();
      await moveTo(dataPath(folder, own), dataPath(folder, key));
      await describe(key, msPerRow);
      await rm(descriptionPath(folder, own), { force: true });
    },
    async leave() {
      if (!isOpen) return;
      await syncAndDescribe();
      await close();
    },
    async abandon() {
      if (!isOpen) return;
      await close();
      await rm(descriptionPath(folder, own), { force: true });
      await rm(dataPath(folder, own), { force: true });
    },
  };
}
