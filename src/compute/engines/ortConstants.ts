/**
 * Where an ONNX Runtime engine keeps frozen weights. Those in files are initialisers that point into the file: ONNX
 * Runtime maps it on cpu (nothing is read before it is used, and the system may drop it again), and reads it onto a
 * device. 16-bit ones stay 16-bit where the provider can widen them as it runs.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type * as ort from 'onnxruntime-node';
import type { Baked } from '../onnx/model.ts';
import type { Constant, NamedSpecs } from '../program.ts';
import type { ElementType, Graph } from '../record/graph.ts';
import { type Unpacking, unpackAtUse } from '../record/unpack.ts';
import { widenAtUse } from '../record/widen.ts';
import { blocksOf, liesAsRead } from '../stored/decode.ts';
import { isBlockFormat } from '../stored/formats.ts';
import type { PackedWeight } from '../stored/packed.ts';
import { specsOf } from './checks.ts';
import { toTensor } from './ortTensors.ts';
import { placeParts } from './packedParts.ts';
import { checkFileConstant, readConstant, readPacked } from './weights.ts';

const FILE_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
type StoredType = (typeof FILE_TYPES)[keyof typeof FILE_TYPES];

/** How an engine holds constants. */
export interface ConstantPolicy {
  /**
   * `files`: those in files become initialisers, those in memory are fed without a copy and shared by all programs.
   * `fed`: all are read and fed. `model`: all become part of each model.
   */
  readonly place: 'files' | 'fed' | 'model';
  /** 16-bit types that stay as they are; the others are widened once, when a session is made. */
  readonly keeps: readonly StoredType[];
  /** Whether weights of 4 and 8 bits stay so; elsewhere they are widened when they are read. */
  readonly keepsBlocks: boolean;
  /** Whether the device at hand can; where absent it can. */
  readonly canKeep?: () => Promise<boolean>;
}

/** A graph with its constants placed, and what its session must be told. */
export interface PlacedGraph {
  readonly graph: Graph;
  readonly baked: ReadonlyMap<string, Baked>;
  /** The constants that are not part of the session. */
  readonly fed: ReadonlyMap<string, ort.Tensor>;
  /** Entries of ONNX Runtime's configuration, under `session` and `optimization`. */
  readonly session: Readonly<Record<string, string>>;
  readonly optimization: Readonly<Record<string, string>>;
}

/**
 * Would make copies of frozen weights when the session is made: widened ones, slices of them, one for two uses. ONNX
 * Runtime separates the names by semicolons.
 */
const COPYING_PASSES =
  'ConstantFolding;CommonSubexpressionElimination;FuseFp16InitializerToFp32NodeTransformer';

export class OrtConstants {
  readonly #policy: ConstantPolicy;
  readonly #all = new Map<string, Constant>();
  readonly #located = new Map<string, Extract<Baked, { kind: 'external' }>>();
  readonly #fed = new Map<string, ort.Tensor>();
  readonly #packed = new Map<string, PackedWeight>();
  /** ONNX Runtime follows no link out of this folder and takes no other: files elsewhere are read. */
  #folder: string | null = null;

  constructor(policy: ConstantPolicy) {
    this.#policy = policy;
  }

  get specs(): NamedSpecs {
    return specsOf(this.#all);
  }

  /** Throws `compute.bad-constant`, and `compute.unreadable-weights` where a file is absent or too short. */
  async set(constants: Readonly<Record<string, Constant>>): Promise<void> {
    for (const [name, constant] of Object.entries(constants)) {
      this.#located.delete(name);
      this.#fed.delete(name);
      this.#packed.delete(name);
      if (this.#policy.keepsBlocks && blocksOf(constant) !== null) {
        this.#packed.set(name, await readPacked(name, constant));
        this.#all.set(name, constant);
        continue;
      }
      if (this.#policy.place !== 'fed') await this.#locate(name, constant);
      if (!this.#located.has(name) && this.#policy.place !== 'model') await this.#feed(name, constant);
      this.#all.set(name, constant);
    }
  }

  async #locate(name: string, constant: Constant): Promise<void> {
    const { source } = constant;
    if (source.kind !== 'file') return;
    await checkFileConstant(name, constant);
    // ONNX Runtime reads no blocks, no other order of rows and no other values: those are decoded and fed.
    if (isBlockFormat(source.dtype) || blocksOf(constant) !== null || !liesAsRead(source)) return;
    const path = await realpath(source.path);
    this.#folder ??= dirname(path);
    if (dirname(path) !== this.#folder) return;
    const { offset, bytes: length } = source;
    const type = FILE_TYPES[source.dtype];
    this.#located.set(name, { kind: 'external', type, location: basename(path), offset, length });
  }

  async #feed(name: string, constant: Constant): Promise<void> {
    this.#fed.set(name, toTensor(constant.spec, await readConstant(name, constant)));
  }

  /** Whether products with few rows take the weight as it is held, and not laid out anew. */
  isDirect(name: string): boolean {
    return this.#packed.get(name)?.grouping.bits === 4;
  }

  /** With `pack`, ONNX Runtime widens what it reads and lays it out for products with few rows, in memory of its own. */
  async place(graph: Graph, { pack }: { readonly pack: boolean }): Promise<PlacedGraph> {
    const baked = new Map<string, Baked>();
    const fed = new Map<string, ort.Tensor>();
    const kept = new Map<string, ElementType>();
    const unpacked = new Map<string, Unpacking>();
    const keeps = pack ? [] : await this.#kept(graph);
    for (const { source } of graph.sources) {
      if (source?.kind !== 'constant') continue;
      const { name } = source;
      const external = this.#located.get(name);
      const tensor = this.#fed.get(name);
      const packed = this.#packed.get(name);
      if (packed !== undefined && (!pack || this.isDirect(name))) {
        unpacked.set(name, { ...packed.grouping, direct: pack });
      } else if (external !== undefined) {
        baked.set(name, external);
        const type = external.type as StoredType;
        if (keeps.includes(type)) kept.set(name, type);
      } else if (tensor !== undefined && !pack) {
        fed.set(name, tensor);
      } else {
        baked.set(name, await inModel(name, this.#all.get(name)!));
      }
    }
    const folder = this.#folder;
    // A 16-bit weight that isn't kept is widened by these passes, once.
    const allKept = [...baked].every(([name, { type }]) => type === 'float32' || kept.has(name));
    const keepsAll = (baked.size > 0 || unpacked.size > 0) && allKept && !pack;
    const whole = unpackAtUse(widenAtUse(graph, kept), unpacked);
    placeParts(whole, this.#packed, { baked, fed });
    return {
      graph: whole,
      baked,
      fed,
      session: {
        ...(folder !== null && { model_external_initializers_file_folder_path: folder }),
        // Laying weights out anew is a second copy of each, and products with many rows gain nothing by it.
        ...(!pack && { disable_prepacking: '1' }),
      },
      optimization: keepsAll ? { disable_specified_optimizers: COPYING_PASSES } : {},
    };
  }

  /** 16-bit types of the graph's constants that the device can widen; it is asked only where there are some. */
  async #kept(graph: Graph): Promise<readonly StoredType[]> {
    const { keeps, canKeep } = this.#policy;
    const types = graph.sources.map(({ source }) => source && this.#located.get(source.name)?.type);
    if (!types.some((type) => type !== 'float32' && keeps.some((kept) => kept === type))) return [];
    return canKeep === undefined || (await canKeep()) ? keeps : [];
  }

  clear(): void {
    this.#all.clear();
    this.#located.clear();
    this.#fed.clear();
    this.#packed.clear();
    this.#folder = null;
  }
}

async function inModel(name: string, constant: Constant): Promise<Baked> {
  const data = await readConstant(name, constant);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { kind: 'bytes', type: constant.spec.dtype, bytes };
}
