/** What is looked at when a model is added, so that nothing of it fails first when it is trained. */
import { open } from 'node:fs/promises';
import type { Constant } from '#compute/program.ts';
import {
  BLOCK_FORMATS,
  type BlockFormat,
  type FileFormat,
  type FloatFormat,
  HALVES_AT,
  isBlockFormat,
} from '#compute/stored/formats.ts';
import type { ModelInfo } from '#core/jobs.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { openModelFolder } from './modelFolder.ts';

const CHUNK_BYTES = 8 * 1024 ** 2;

/** Bits of the exponent, all set in an infinite number or none: by words of so many bytes. */
const EXPONENT: Readonly<Record<FloatFormat, { readonly mask: number; readonly bytes: 2 | 4 }>> = {
  F32: { mask: 0x7f80_0000, bytes: 4 },
  F16: { mask: 0x7c00, bytes: 2 },
  BF16: { mask: 0x7f80, bytes: 2 },
};

function firstBroken(words: Uint16Array | Uint32Array, mask: number): number {
  for (let index = 0; index < words.length; index++)
    if (((words[index] as number) & mask) === mask) return index;
  return -1;
}

/** The first block with a scale that is not finite, of whole blocks. */
function firstBrokenBlock(bytes: Uint8Array, format: BlockFormat): number {
  const { bytes: size } = BLOCK_FORMATS[format];
  const { mask } = EXPONENT.F16 as { mask: number };
  // The exponent lies in the upper byte.
  const upper = mask >> 8;
  for (let block = 0; block * size < bytes.byteLength; block++)
    for (const at of HALVES_AT[format])
      if (((bytes[block * size + at + 1] as number) & upper) === upper) return block;
  return -1;
}

/** Bytes that belong together, values in them, and the first such unit of whole ones that is not finite, or −1. */
interface Scan {
  readonly bytes: number;
  readonly values: number;
  firstIn(buffer: ArrayBuffer, bytes: number): number;
}

function scanOf(dtype: FileFormat): Scan {
  if (isBlockFormat(dtype))
    return {
      ...BLOCK_FORMATS[dtype],
      firstIn: (buffer, bytes) => firstBrokenBlock(new Uint8Array(buffer, 0, bytes), dtype),
    };
  const { mask, bytes: size } = EXPONENT[dtype];
  return {
    bytes: size,
    values: 1,
    firstIn: (buffer, bytes) =>
      firstBroken(
        size === 4 ? new Uint32Array(buffer, 0, bytes / 4) : new Uint16Array(buffer, 0, bytes / 2),
        mask,
      ),
  };
}

/** Index of the first value of a stored tensor that is not finite, of a block its first; null where all are. */
async function notFiniteAt({ source }: Constant): Promise<number | null> {
  if (source.kind !== 'file') return null;
  const scan = scanOf(source.dtype);
  const file = await open(source.path);
  try {
    const buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, source.bytes));
    for (let done = 0; done < source.bytes; ) {
      const wanted = Math.min(buffer.byteLength, source.bytes - done);
      const { bytesRead } = await file.read(new Uint8Array(buffer), 0, wanted, source.offset + done);
      const whole = bytesRead - (bytesRead % scan.bytes);
      if (whole === 0) return null;
      const at = scan.firstIn(buffer, whole);
      if (at >= 0) return (done / scan.bytes + at) * scan.values;
      done += whole;
    }
    return null;
  } finally {
    await file.close();
  }
}

/**
 * Config, headers, tokenizer and chat template are read as training will read them, every weight once. Throws what `openModelFolder` and
 * `openTokenizer` fail with, and `model.not-finite` where the file itself holds NaN or infinity: no rate is to blame then.
 */
export async function inspectModel(dir: string): Promise<ModelInfo> {
  const model = unwrap(await openModelFolder(dir));
  unwrap(await openTokenizer(dir));
  for (const [name, tensor] of Object.entries(model.tensors)) {
    const at = await notFiniteAt(tensor);
    if (at === null) continue;
    const { source } = tensor;
    const file = source.kind === 'file' ? source.path : dir;
    throw new FacetError({
      code: 'model.not-finite',
      message: `${file}, tensor "${name}": value ${at} is NaN or infinite. The file is damaged, or its training diverged; every loss would be NaN, whatever the rates.`,
      fix: 'Fetch the file again, or choose an earlier checkpoint of the model.',
      where: { file, field: name },
    });
  }
  return model.info;
}
