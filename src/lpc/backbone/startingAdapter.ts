/** What a run begins from beside its model: low-rank products that rest, merged into the weights as they are read. */
import { createHash } from 'node:crypto';
import type { Constant, TensorData, TensorSpec } from '#compute/program.ts';
import type { LowRank } from '#compute/stored/lowRank.ts';
import { FacetError } from '#core/result.ts';
import { loraNameB } from './lora.ts';
import type { ModelFolder } from './modelFolder.ts';
import { lmHeadName } from './weightNames.ts';

export interface StartingAdapter {
  /** By module, e.g. `model.layers.0.self_attn.q_proj`; the scale is part of B. */
  readonly modules: ReadonlyMap<string, Omit<LowRank, 'scale'>>;
  /** Of all values. */
  readonly sha256: string;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** In the order of their names, scales taken into B. */
export function startOf(products: ReadonlyMap<string, LowRank>): StartingAdapter {
  const hash = createHash('sha256');
  const modules = new Map(
    [...products]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([module, { a, b, rank, scale }]) => {
        const scaled = scale === 1 ? b : b.map((value) => value * scale);
        hash.update(`${module} ${rank} `).update(bytesOf(a)).update(bytesOf(scaled));
        return [module, { a, b: scaled, rank }] as const;
      }),
  );
  return { modules, sha256: hash.digest('hex') };
}

/** Its products, each of scale 1; none where there is no start. */
export const productsOfStart = (start: StartingAdapter | null): Map<string, LowRank> =>
  new Map([...(start?.modules ?? [])].map(([module, product]) => [module, { ...product, scale: 1 }]));

const ADAPTED = /^lora\.(.+)\.a$/;

/** Products among tensors that are named as the engine's state is. */
export function productsIn(
  state: Readonly<Record<string, { readonly spec: TensorSpec; readonly data: TensorData }>>,
  scale: number,
): Map<string, LowRank> {
  const products = new Map<string, LowRank>();
  for (const [name, { spec, data: a }] of Object.entries(state)) {
    const module = ADAPTED.exec(name)?.[1];
    const b = module && state[loraNameB(module)]?.data;
    if (!module || !(a instanceof Float32Array && b instanceof Float32Array)) continue;
    products.set(module, { a, b, rank: spec.shape[0] as number, scale });
  }
  return products;
}

/** A (rank, in) over a second one, and B (out, rank) beside its own: B A + B′ A′ as one product. */
export function besideEachOther(one: LowRank, other: LowRank, rows: number): LowRank {
  const rank = one.rank + other.rank;
  const a = new Float32Array(one.a.length + other.a.length);
  a.set(one.a);
  a.set(other.a, one.a.length);
  const b = new Float32Array(rows * rank);
  for (let row = 0; row < rows; row++) {
    for (const [{ b: from, rank: width, scale }, first] of [
      [one, 0],
      [other, one.rank],
    ] as const)
      for (let inner = 0; inner < width; inner++)
        b[row * rank + first + inner] = scale * (from[row * width + inner] as number);
  }
  return { a, b, rank, scale: 1 };
}

function misfit(module: string, message: string): FacetError {
  return new FacetError({
    code: 'start.other-model',
    message: `The run can't start from that adapter: ${message}.`,
    fix: 'Choose an adapter that was trained on this model.',
    where: { field: module },
  });
}

function fitted(
  { config, tensors }: Pick<ModelFolder, 'config' | 'tensors'>,
  module: string,
  added: Omit<LowRank, 'scale'>,
): Constant {
  const constant = tensors[`${module}.weight`];
  if (constant === undefined || constant.spec.shape.length !== 2)
    throw misfit(module, `the model has no linear module ${module}`);
  if (config.tiedEmbeddings && `${module}.weight` === lmHeadName(config))
    throw misfit(module, `it changes ${module}, which is the embedding too`);
  const [rows, columns] = constant.spec.shape as readonly [number, number];
  if (added.a.length !== added.rank * columns || added.b.length !== added.rank * rows)
    throw misfit(
      module,
      `its ${module} is (${added.b.length / added.rank}, ${added.a.length / added.rank}), the model's (${rows}, ${columns})`,
    );
  const { spec, source } = constant;
  if (source.kind !== 'file') throw new RangeError(`${module} lies in no file`);
  return { spec, source: { ...source, added: { ...added, scale: 1 } } };
}

/** The model with the adapter in its weights. Throws `start.other-model` where it does not fit. */
export function startedFrom(model: ModelFolder, start: StartingAdapter | null): ModelFolder {
  if (start === null) return model;
  const changed = [...start.modules].map(([module, added]): [string, Constant] => [
    `${module}.weight`,
    fitted(model, module, added),
  ]);
  return { ...model, tensors: { ...model.tensors, ...Object.fromEntries(changed) }, start };
}

/** Tells what was computed over an adapter from what was computed over the model alone. */
export const startFingerprint = (modelFingerprint: string, start: StartingAdapter | null): string =>
  start === null ? modelFingerprint : `${modelFingerprint}-from-${start.sha256.slice(0, 16)}`;
