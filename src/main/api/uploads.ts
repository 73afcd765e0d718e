import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Streams what a browser sent into a folder of its own under `userDataDir/uploads`; gives the path. */
export async function storeUpload(file: File, userDataDir: string): Promise<string> {
  const uploads = join(userDataDir, 'uploads');
  await mkdir(uploads, { recursive: true });
  const folder = await mkdtemp(join(uploads, 'file-'));
  const name = basename(file.name.replaceAll('\\', '/')).replaceAll('\0', '') || 'upload';
  const path = join(folder, name === '.' || name === '..' ? 'upload' : name);
  await pipeline(Readable.from(file.stream()), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return path;
}
