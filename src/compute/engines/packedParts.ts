/** Where the parts of 4- and 8-bit weights lie: fed to every program from one copy, or in the model that lays them out anew. */
import type * as Ort from 'onnxruntime-node';
import type { Baked } from '../onnx/model.ts';
import type { Graph } from '../record/graph.ts';
import { partName } from '../record/unpack.ts';
import { type PackedWeight, pairedNibbles } from '../stored/packed.ts';
import { ort } from './ort.ts';

interface Places {
  readonly baked: Map<string, Baked>;
  readonly fed: Map<string, Ort.Tensor>;
}
const FED: ReadonlySet<string> = new Set(['codes', 'scales', 'minima']);
type PartArray = Uint8Array | Int8Array | Float32Array;

/**
 * Puts every part that `graph` reads in its place. What `MatMulNBits` takes belongs to the model: it
 * lays out what is constant alone.
 */
export function placeParts(
  graph: Graph,
  weights: ReadonlyMap<string, PackedWeight>,
  { baked, fed }: Places,
): void {
  const read = new Map(graph.sources.map((value) => [value.source?.name, value]));
  for (const [name, weight] of weights) {
    const parts: readonly [Parameters<typeof partName>[1], () => PartArray][] = [
      ['codes', () => weight.codes],
      ['scales', () => weight.scales],
      ['minima', () => weight.minima ?? new Float32Array(0)],
      ['rowScales', () => weight.scales],
      ['rowMinima', () => weight.minima ?? new Float32Array(0)],
      ['paired', () => pairedNibbles(weight)],
      ['zeros', () => new Uint8Array(weight.rows * Math.ceil(weight.scales.length / weight.rows / 2))],
    ];
    for (const [part, arrayOf] of parts) {
      const key = partName(name, part);
      const value = read.get(key);
      if (value === undefined) continue;
      const array = arrayOf();
      if (!FED.has(part)) {
        const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        baked.set(key, { kind: 'bytes', type: value.type, bytes });
      } else {
        fed.set(
          key,
          new (ort().Tensor)(value.type as 'uint8' | 'int8' | 'float32', array as never, [...value.shape]),
        );
      }
    }
  }
}
