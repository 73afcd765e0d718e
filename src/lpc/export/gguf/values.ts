/** Metadata values of a GGUF file as it holds them: a type, then the value, little-endian. */
export type GgufValue =
  | string
  | boolean
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly texts: readonly string[] }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  /** Type and value as another file holds them. */
  | { readonly raw: Uint8Array };

const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, array: 9 } as const;

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
};

const array = (type: number, count: number, items: Uint8Array): Buffer =>
  Buffer.concat([u32(TYPE.array), u32(type), u64(count), items]);

export function valueBytes(value: GgufValue): Uint8Array {
  if (typeof value === 'string') return Buffer.concat([u32(TYPE.text), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(TYPE.bool), Buffer.of(Number(value))]);
  if ('raw' in value) return value.raw;
  if ('u32' in value) return Buffer.concat([u32(TYPE.u32), u32(value.u32)]);
  if ('f32' in value) return Buffer.concat([u32(TYPE.f32), Buffer.from(Float32Array.of(value.f32).buffer)]);
  if ('texts' in value) return array(TYPE.text, value.texts.length, Buffer.concat(value.texts.map(text)));
  if ('ints' in value)
    return array(TYPE.i32, value.ints.length, Buffer.from(Int32Array.from(value.ints).buffer));
  return array(TYPE.f32, value.floats.length, Buffer.from(Float32Array.from(value.floats).buffer));
}
