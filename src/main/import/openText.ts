import { createReadStream, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { FacetError, toFailure } from '#core/result.ts';

export interface TextFile {
  readonly bytesTotal: number;
  /** Bytes of the file (compressed, where it is) read so far. */
  bytesRead(): number;
  /** UTF-8 text in pieces, gunzipped where the file starts as gzip does. */
  chunks(): AsyncGenerator<string>;
}

function unreadable(file: string, reason: string, fix: string, cause?: unknown): FacetError {
  return new FacetError(
    { code: 'import.unreadable-file', message: `${basename(file)} ${reason}`, fix, where: { file } },
    { cause },
  );
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

export async function openText(file: string): Promise<TextFile> {
  let gzip: boolean;
  let bytesTotal: number;
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw unreadable(file, 'is not a file.', 'Choose a JSON or JSON Lines file.');
    bytesTotal = stat.size;
    gzip = await isGzip(file);
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw unreadable(
      file,
      `cannot be read: ${toFailure(error).message}.`,
      'Check the path and that you have permission to read it.',
      error,
    );
  }
  const raw = createReadStream(file, { highWaterMark: 64 * 1024 });

  async function* chunks(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const stream = gzip ? raw.pipe(createGunzip({ chunkSize: 256 * 1024 })) : raw;
    raw.on('error', (error) => stream.destroy(error));
    try {
      for await (const chunk of stream) yield decoder.decode(chunk as Buffer, { stream: true });
      yield decoder.decode();
    } catch (error) {
      if (error instanceof FacetError) throw error;
      const text = error instanceof TypeError;
      throw unreadable(
        file,
        text ? 'is not UTF-8 text.' : `cannot be read to its end: ${toFailure(error).message}.`,
        text ? 'Save it as UTF-8.' : 'The file is damaged or cut off; fetch it again.',
        error,
      );
    } finally {
      stream.destroy();
      raw.destroy();
    }
  }
  return { bytesTotal, bytesRead: () => raw.bytesRead, chunks };
}
