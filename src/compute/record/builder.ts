/** Collects nodes while a program is recorded: equal nodes and equal constants are one, sizes are checked. */
import { FacetError } from '#core/result.ts';
import {
  type Attribute,
  type ConstantArray,
  type Domain,
  type ElementType,
  type GraphNode,
  type Known,
  type Source,
  sizeOf,
  type Value,
} from './graph.ts';

export interface Emit {
  readonly domain?: Domain;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Keeps the node apart from equal ones. */
  readonly distinct?: string;
}
export interface ValueType {
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** Which nodes the machine that runs the graph has. */
export interface Target {
  /** Batched matrix products with transposed operands, and Or: ONNX Runtime's WebGPU provider lacks them. */
  readonly fusedMatMul: boolean;
  readonly or: boolean;
  /** Shapes are read where they are made; elsewhere one that is computed would be fetched from the device. */
  readonly shapesOnHost: boolean;
  /** State is in host memory, where the engine itself can add to it: see `appendRows`. */
  readonly appendsState: boolean;
  /** Root-mean-square norm in one node that gives its rate too. */
  readonly rmsNorm: boolean;
}
export const CPU_TARGET: Target = {
  fusedMatMul: true,
  or: true,
  shapesOnHost: true,
  appendsState: true,
  rmsNorm: true,
};
export const WEBGPU_TARGET: Target = {
  fusedMatMul: false,
  or: false,
  shapesOnHost: false,
  appendsState: false,
  rmsNorm: false,
};

/** Above this many elements a uniform constant is made by a node instead of being stored in the model. */
const STORED_UNIFORM_LIMIT = 64;

export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly sources: Value[] = [];
  readonly #byKey = new Map<string, Value[]>();
  readonly target: Target;
  #nextId = 0;

  constructor(target: Target = CPU_TARGET) {
    this.target = target;
  }

  #make(type: ValueType, rest: Partial<Pick<Value, 'node' | 'known' | 'source'>>): Value {
    for (const dimension of type.shape) {
      if (!Number.isInteger(dimension) || dimension < 0) {
        throw new FacetError({
          code: 'compute.bad-shape',
          message: `An operation was recorded with the shape [${type.shape.join(', ')}].`,
          fix: 'Give every dimension as a whole number of at least 0; a compiled program has fixed shapes.',
        });
      }
    }
    const value = { id: this.#nextId, shape: [...type.shape], type: type.type };
    this.#nextId += 1;
    return { ...value, node: rest.node ?? null, known: rest.known ?? null, source: rest.source ?? null };
  }

  source(source: Source, type: ValueType): Value {
    const value = this.#make(type, { source });
    this.sources.push(value);
    return value;
  }

  #known(key: string, type: ValueType, known: Known): Value {
    const full = `${type.type}[${type.shape.join(',')}]${key}`;
    const found = this.#byKey.get(full)?.[0];
    if (found !== undefined) return found;
    const value = this.#make(type, { known });
    this.#byKey.set(full, [value]);
    return value;
  }

  /** One number repeated over a shape: kept symbolic, so that it can vanish into a scalar. */
  uniform(value: number, shape: readonly number[], type: ElementType): Value {
    return this.#known(
      `u${Object.is(value, -0) ? '-0' : value}`,
      { shape, type },
      { kind: 'uniform', value },
    );
  }

  /** Values known while recording; an array of equal numbers becomes a uniform one. */
  array(data: ConstantArray, shape: readonly number[], type: ElementType): Value {
    if (data.length !== sizeOf(shape)) {
      throw new FacetError({
        code: 'compute.bad-constant',
        message: `A constant of shape [${shape.join(', ')}] got ${data.length} values.`,
        fix: 'Give as many values as the shape holds.',
      });
    }
    const first = data[0];
    if (data.length > 0 && typeof first === 'number' && data.every((value) => Object.is(value, first))) {
      return this.uniform(first, shape, type);
    }
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return this.#known(`a${bytes.toString('base64')}`, { shape, type }, { kind: 'array', data });
  }

  /** A one-dimensional int64 constant: shapes, axes, bounds. */
  integers(values: readonly number[]): Value {
    return this.array(BigInt64Array.from(values.map(BigInt)), [values.length], 'int64');
  }

  scalar(value: number, type: ElementType): Value {
    return this.uniform(value, [], type);
  }

  /** Adds a node, or finds the equal one recorded before. */
  emitMany(
    op: string,
    inputs: readonly (Value | null)[],
    types: readonly ValueType[],
    emit: Emit = {},
  ): Value[] {
    const stored = inputs.map((input) => (input === null ? null : this.#stored(input)));
    const attributes = emit.attributes ?? {};
    const ids = stored.map((input) => input?.id ?? '-').join(',');
    const outs = types.map(({ shape, type }) => `${type}[${shape.join(',')}]`).join(';');
    const key = `${emit.distinct ?? ''}${emit.domain ?? ''}:${op}(${ids})${JSON.stringify(attributes)}→${outs}`;
    const found = this.#byKey.get(key);
    if (found !== undefined) return found;
    const outputs: Value[] = [];
    const node: GraphNode = { op, domain: emit.domain ?? '', inputs: stored, outputs, attributes };
    for (const type of types) outputs.push(this.#make(type, { node }));
    this.nodes.push(node);
    this.#byKey.set(key, outputs);
    return outputs;
  }

  emit(op: string, inputs: readonly (Value | null)[], type: ValueType, emit: Emit = {}): Value {
    return this.emitMany(op, inputs, [type], emit)[0]!;
  }

  /** The value as a node may read it: large uniform constants are made when the graph runs. */
  #stored(value: Value): Value {
    if (value.known?.kind !== 'uniform' || sizeOf(value.shape) <= STORED_UNIFORM_LIMIT) return value;
    const one = this.uniform(value.known.value, [], value.type);
    return this.emit('Expand', [one, this.integers(value.shape)], value);
  }
}
