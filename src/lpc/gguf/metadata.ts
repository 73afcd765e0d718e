/** Typed values of a GGUF file's metadata. */
import { type ByteReader, badGguf } from './ByteReader.ts';

type MetadataArray = readonly (number | boolean | string)[] | Float64Array;
export type MetadataValue = number | boolean | string | MetadataArray;
export type Metadata = ReadonlyMap<string, MetadataValue>;

const STRING = 8;
const ARRAY = 9;

/** Bytes and reader of each number type, by its code in the format. */
const NUMBERS: Readonly<
  Record<number, readonly [bytes: number, read: (from: Buffer, at: number) => number]>
> = {
  0: [1, (from, at) => from.readUInt8(at)],
  1: [1, (from, at) => from.readInt8(at)],
  2: [2, (from, at) => from.readUInt16LE(at)],
  3: [2, (from, at) => from.readInt16LE(at)],
  4: [4, (from, at) => from.readUInt32LE(at)],
  5: [4, (from, at) => from.readInt32LE(at)],
  6: [4, (from, at) => from.readFloatLE(at)],
  10: [8, (from, at) => Number(from.readBigUInt64LE(at))],
  11: [8, (from, at) => Number(from.readBigInt64LE(at))],
  12: [8, (from, at) => from.readDoubleLE(at)],
};
const BOOL = 7;
/** A string is at least its length: bounds how many a damaged count can ask for. */
const LEAST_STRING_BYTES = 8;

async function readArray(reader: ByteReader, key: string): Promise<MetadataArray> {
  const type = await reader.u32();
  const count = await reader.u64();
  const wrong = (why: string) => badGguf(reader.path, `the metadata ${key} ${why}`, key);
  if (type === STRING) {
    if (count * LEAST_STRING_BYTES > reader.left)
      throw wrong(`states ${count} texts, more than the file has room for`);
    const texts: string[] = [];
    for (let index = 0; index < count; index += 1) texts.push(await reader.text());
    return texts;
  }
  if (type === BOOL) {
    if (count > reader.left) throw wrong(`states ${count} values, more than the file has room for`);
    return Array.from(await reader.bytes(count), (byte) => byte !== 0);
  }
  const number = NUMBERS[type];
  if (!number) throw wrong(`is an array of type ${type}, which Facet does not read`);
  const [width, read] = number;
  if (count * width > reader.left) throw wrong(`states ${count} values, more than the file has room for`);
  const bytes = await reader.bytes(count * width);
  return Float64Array.from({ length: count }, (_, index) => read(bytes, index * width));
}

/** One value. Throws `model.bad-gguf`. */
export async function readMetadataValue(reader: ByteReader, key: string): Promise<MetadataValue> {
  const type = await reader.u32();
  if (type === STRING) return reader.text();
  if (type === ARRAY) return readArray(reader, key);
  if (type === BOOL) return (await reader.bytes(1))[0] !== 0;
  const number = NUMBERS[type];
  if (!number)
    throw badGguf(reader.path, `the metadata ${key} is of type ${type}, which the format does not have`, key);
  const [width, read] = number;
  return read(await reader.bytes(width), 0);
}
