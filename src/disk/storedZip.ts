/** Zip archives of files as they are, without compression (PKWARE's APPNOTE, method 0): for archives below 4 GiB. */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

interface ZippedFile {
  /** In the archive, with slashes. */
  readonly name: string;
  readonly path: string;
}

const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1 January 1980: the same files give the same archive. */
const NO_DATE = 0x0021;
const READABLE = 0o100644;

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly bytes: number;
  readonly at: number;
}

/** What local and central headers share, from the version that is needed to the length of the name. */
function common({ name, crc, bytes }: Entry): Buffer {
  const fields = Buffer.alloc(24);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(NO_DATE, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(bytes, 14);
  fields.writeUInt32LE(bytes, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

const localHeader = (entry: Entry): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04'), common(entry), Buffer.alloc(2), entry.name]);

function centralHeader(entry: Entry): Buffer {
  const rest = Buffer.alloc(16);
  rest.writeUInt32LE(READABLE * 0x10000, 8);
  rest.writeUInt32LE(entry.at, 12);
  // Made by a Unix system, whose permissions it names.
  const madeBy = Buffer.from([VERSION, 3]);
  return Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common(entry), rest, entry.name]);
}

/** The archive in parts; a file at a time is held in memory. */
export async function* storedZip(files: readonly ZippedFile[]): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let at = 0;
  for (const { name, path } of files) {
    const content = await readFile(path);
    const entry = { name: Buffer.from(name), crc: crc32(content), bytes: content.length, at };
    const header = localHeader(entry);
    entries.push(entry);
    at += header.length + content.length;
    yield header;
    yield content;
  }
  const directory = Buffer.concat(entries.map(centralHeader));
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  yield directory;
  yield end;
}
