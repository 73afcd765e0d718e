import type { FileHandle } from 'node:fs/promises';
import { openFile } from './openFile.ts';

/** One call takes less than 2 GiB; smaller pieces are as fast and leave the thread pool to others in between. */
const PIECE_BYTES = 64 * 1024 ** 2;

/** Writes all of `bytes` from `position` on, however little the system takes at a time. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesWritten } = await handle.write(bytes, done, length, position + done);
    // Else this would go round for ever.
    if (bytesWritten === 0) throw new Error(`the system took none of ${length} bytes`);
    done += bytesWritten;
  }
}

/** Fills `target` from `position` on; gives how many bytes there were, fewer only where the file ends before. */
export async function readInto(handle: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < target.length) {
    const length = Math.min(PIECE_BYTES, target.length - done);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** The little-endian float32 values of a file of any size. */
export async function readFloats(path: string): Promise<Float32Array<ArrayBuffer>> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const values = new Float32Array(Math.floor(size / Float32Array.BYTES_PER_ELEMENT));
    await readInto(handle, new Uint8Array(values.buffer), 0);
    return values;
  } finally {
    await handle.close();
  }
}
