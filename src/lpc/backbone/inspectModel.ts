/** What is looked at when a model is added, so that nothing of it fails first when it is trained. */
import { open } from 'node:fs/promises';
import type { Constant } from '#compute/program.ts';
import type { ModelInfo } from '#core/jobs.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { openModelFolder } from './modelFolder.ts';

const CHUNK_BYTES = 8 * 1024 ** 2;

/** Bits of the exponent, all set in an infinite number or none: by words of so many bytes. */
const EXPONENT: Readonly<Record<string, { readonly mask: number; readonly bytes: 2 | 4 }>> = {
  F32: { mask: 0x7f80_0000, bytes: 4 },
  F16: { mask: 0x7c00, bytes: 2 },
  BF16: { mask: 0x7f80, bytes: 2 },
};

function firstBroken(words: Uint16Array | Uint32Array, mask: number): number {
  for (let index = 0; index < words.length; index++)
    if (((words[index] as number) & mask) === mask) return index;
  return -1;
}

/** Index of the first value of a stored tensor that is not finite; null where all are, or its type holds whole blocks. */
async function notFiniteAt({ source }: Constant): Promise<number | null> {
  const layout = source.kind === 'file' ? EXPONENT[source.dtype] : undefined;
  if (source.kind !== 'file' || layout === undefined) return null;
  const file = await open(source.path);
  try {
    const buffer = new ArrayBuffer(Math.min(CHUNK_BYTES, source.bytes));
    for (let done = 0; done < source.bytes; ) {
      const wanted = Math.min(buffer.byteLength, source.bytes - done);
      const { bytesRead } = await file.read(new Uint8Array(buffer), 0, wanted, source.offset + done);
      const whole = bytesRead - (bytesRead % layout.bytes);
      if (whole === 0) return null;
      const words =
        layout.bytes === 4 ? new Uint32Array(buffer, 0, whole / 4) : new Uint16Array(buffer, 0, whole / 2);
      const at = firstBroken(words, layout.mask);
      if (at >= 0) return done / layout.bytes + at;
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
