/** The tensors of a GGUF file under the names of a Hugging Face folder, each a slice of the file. */
import type { Constant } from '#compute/program.ts';
import { FacetError } from '#core/result.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { weightShapes } from '../backbone/weightNames.ts';
import { architectureOf, INTERLEAVED } from './architecture.ts';
import type { GgufFile } from './header.ts';
import { ggufName, interleavedHeadsOf, isNorm } from './tensorNames.ts';

/** Throws `model.missing-tensor` or `model.wrong-tensor`. */
export function ggufTensors(file: GgufFile, config: BackboneConfig): Record<string, Constant> {
  const interleaves = INTERLEAVED.includes(architectureOf(file));
  const tensors: Record<string, Constant> = {};
  for (const [name, shape] of Object.entries(weightShapes(config))) {
    const stored = ggufName(name, config);
    const tensor = file.tensors.get(stored);
    const where = { file: file.path, field: stored };
    if (!tensor)
      throw new FacetError({
        code: 'model.missing-tensor',
        message: `${file.path}: tensor "${stored}" of shape [${shape.join(', ')}] is missing.`,
        fix: 'Fetch the whole file; a part of a split model is joined by llama-gguf-split --merge.',
        where,
      });
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis]))
      throw new FacetError({
        code: 'model.wrong-tensor',
        message: `${file.path}: tensor "${stored}" is of shape [${tensor.shape.join(', ')}], but its metadata call for [${shape.join(', ')}].`,
        fix: 'Fetch the file again.',
        where,
      });
    const heads = interleaves ? interleavedHeadsOf(name, config) : null;
    tensors[name] = {
      spec: { shape, dtype: 'float32' },
      source: {
        kind: 'file',
        path: file.path,
        offset: tensor.offset,
        bytes: tensor.bytes,
        dtype: tensor.dtype,
        ...(heads !== null && { interleavedHeads: heads }),
        ...(config.normOffset !== 0 && isNorm(name) && { shift: -config.normOffset }),
      },
    };
  }
  return tensors;
}
