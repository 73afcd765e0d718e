/** Frozen weights as part of a model: slices of their file where one folder holds them all, else their bytes. */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Baked } from '../onnx/model.ts';
import type { Constant } from '../program.ts';
import type { ElementType, Graph } from '../record/graph.ts';
import { readConstant } from './weights.ts';

export interface BakedConstants {
  readonly constants: ReadonlyMap<string, Baked>;
  /** Folder that the locations of external constants are relative to; null where there are none. */
  readonly folder: string | null;
}

const FILE_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/**
 * The constants a graph reads, to be written into its model. ONNX Runtime follows no link out of the model's folder, so
 * links are resolved first; a file in another folder than the first one's is read into the model instead.
 */
export async function bakeConstants(
  graph: Graph,
  constants: ReadonlyMap<string, Constant>,
): Promise<BakedConstants> {
  const baked = new Map<string, Baked>();
  let folder: string | null = null;
  for (const { source } of graph.sources) {
    const constant = source?.kind === 'constant' ? constants.get(source.name) : undefined;
    if (source === null || constant === undefined) continue;
    if (constant.source.kind === 'file') {
      const path = await realpath(constant.source.path);
      folder ??= dirname(path);
      if (dirname(path) === folder) {
        const type: ElementType = FILE_TYPES[constant.source.dtype];
        const { offset, bytes: length } = constant.source;
        baked.set(source.name, { kind: 'external', type, location: basename(path), offset, length });
        continue;
      }
    }
    const data = await readConstant(source.name, constant);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    baked.set(source.name, { kind: 'bytes', type: constant.spec.dtype, bytes });
  }
  return { constants: baked, folder };
}
