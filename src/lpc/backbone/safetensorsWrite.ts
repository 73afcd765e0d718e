/** Writing `.safetensors` files: to a temporary name first, so that a file under its own name is complete. */
import { open, rename } from 'node:fs/promises';
import type { TensorSpec } from '#compute/program.ts';
import { encodeFloats, FLOAT_BYTES, type FloatDtype } from './floats.ts';
import { HEADER_LENGTH_BYTES } from './safetensorsHeader.ts';

export interface TensorToWrite {
  readonly shape: TensorSpec['shape'];
  readonly data: Float32Array;
}

export interface WriteOptions {
  /** Format of the stored values; F32 by default. */
  readonly dtype?: FloatDtype;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes the tensors in the order given. Throws RangeError where a shape disagrees with its data. */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorToWrite>>,
  { dtype = 'F32', metadata = {} }: WriteOptions = {},
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length)
      throw new RangeError(`${name}: shape [${shape}] does not hold ${data.length} values`);
    const end = offset + size * FLOAT_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const unpadded = Buffer.from(JSON.stringify(header), 'utf8');
  // Spaces keep the tensors aligned to 8 bytes, as other writers do.
  const json = Buffer.concat([unpadded, Buffer.alloc((8 - (unpadded.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length));
  const temporaryPath = `${path}.partial`;
  const handle = await open(temporaryPath, 'w');
  try {
    await handle.writeFile(length);
    await handle.writeFile(json);
    for (const { data } of Object.values(tensors)) await handle.writeFile(encodeFloats(data, dtype));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporaryPath, path);
}
