/** For tests: writes small GGUF files. */
type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly float: readonly number[] }
  | { readonly int: readonly number[] };

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function valueBytes(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.of(Number(value))]);
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return Buffer.concat([u32(4), u32(value)]);
    return Buffer.concat([u32(6), Buffer.from(Float32Array.of(value).buffer)]);
  }
  if ('float' in value)
    return Buffer.concat([
      u32(9),
      u32(6),
      u64(value.float.length),
      Buffer.from(Float32Array.from(value.float).buffer),
    ]);
  if ('int' in value)
    return Buffer.concat([
      u32(9),
      u32(5),
      u64(value.int.length),
      Buffer.from(Int32Array.from(value.int).buffer),
    ]);
  return Buffer.concat([u32(9), u32(8), u64(value.length), ...value.map(text)]);
}

export interface TestTensor {
  readonly shape: readonly number[];
  /** The format's number of the type. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

export function ggufBytes(
  metadata: Readonly<Record<string, Value>>,
  tensors: Readonly<Record<string, TestTensor>> = {},
): Buffer {
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, type, bytes }] of Object.entries(tensors)) {
    infos.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(type), u64(offset));
    const padded = Buffer.alloc(Math.ceil(bytes.length / 32) * 32);
    padded.set(bytes);
    data.push(padded);
    offset += padded.length;
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(Object.keys(tensors).length),
    u64(Object.keys(metadata).length),
    ...Object.entries(metadata).flatMap(([key, value]) => [text(key), valueBytes(value)]),
    ...infos,
  ]);
  return Buffer.concat([head, Buffer.alloc((32 - (head.length % 32)) % 32), ...data]);
}
