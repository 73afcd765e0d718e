/** What a run's policy adds to its base model as one LoRA adapter: what it trained, and what it started from beside it. */
import type { LowRank } from '#compute/stored/lowRank.ts';
import { productsOf } from '../train/start.ts';
import { cannotCarry } from './failures.ts';
import type { ExportSource } from './source.ts';

export interface AdapterToWrite {
  /** Of every module; scale is α over it. */
  readonly rank: number;
  readonly alpha: number;
  readonly modules: readonly {
    readonly target: string;
    readonly inSize: number;
    readonly outSize: number;
    /** (rank, in) */
    readonly a: Float32Array;
    /** (out, rank) */
    readonly b: Float32Array;
  }[];
  /** What to tell of it. */
  readonly notes: readonly string[];
}

/** The same product with zeros up to a rank, its scale in B where it is not `scale` for all. */
function widened({ a, b, rank, scale }: LowRank, wide: number): Pick<LowRank, 'a' | 'b'> {
  const [columns, rows] = [a.length / rank, b.length / rank];
  const [wideA, wideB] = [new Float32Array(wide * columns), new Float32Array(rows * wide)];
  wideA.set(a);
  for (let row = 0; row < rows; row++)
    for (let inner = 0; inner < rank; inner++)
      wideB[row * wide + inner] = scale * (b[row * rank + inner] as number);
  return { a: wideA, b: wideB };
}

/** Throws `export.not-this-run` where there is none. */
export function adapterOf({ config, checkpoint }: ExportSource, otherwise: string): AdapterToWrite {
  const { start } = checkpoint;
  if (config.trainable === 'full' || (config.trainable === 'heads' && start === null))
    throw cannotCarry('This run trained no LoRA adapter.', otherwise);
  const products = productsOf(checkpoint);
  const named = [...products].map(([target, product]) => ({
    target,
    inSize: product.a.length / product.rank,
    outSize: product.b.length / product.rank,
    product,
  }));
  if (start === null) {
    const modules = named.map(({ product: { a, b }, ...module }) => ({ ...module, a, b }));
    return { rank: config.loraRank, alpha: config.loraAlpha, modules, notes: [] };
  }
  const rank = Math.max(...[...products.values()].map((product) => product.rank));
  const own = config.trainable === 'lora' ? `, beside the rank ${config.loraRank} that it trained` : '';
  return {
    rank,
    alpha: rank,
    modules: named.map(({ product, ...module }) => ({ ...module, ...widened(product, rank) })),
    notes: [
      `The adapter has rank ${rank}: it holds what the run started from${own}, so that it belongs on the base model itself.`,
    ],
  };
}
