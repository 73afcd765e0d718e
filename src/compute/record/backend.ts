/** A tfjs backend that computes nothing: each tensor's data is a value of the graph being recorded. */
import { FacetError } from '#core/result.ts';
import { tf } from '../tf.ts';
import { GraphBuilder, type Target } from './builder.ts';
import type { ConstantArray, ElementType, Value } from './graph.ts';

export const BACKEND_NAME = 'facet-recorder';

interface Entry {
  readonly value: Value;
  references: number;
}

export class RecorderBackend extends tf.KernelBackend {
  #entries = new WeakMap<object, Entry>();
  #count = 0;
  #current: GraphBuilder | null = null;

  /** The graph being recorded. */
  get builder(): GraphBuilder {
    if (this.#current === null) throw new Error('a recorder tensor was used outside a recording');
    return this.#current;
  }

  begin(target: Target): GraphBuilder {
    this.#current = new GraphBuilder(target);
    return this.#current;
  }

  end(): void {
    this.#current = null;
  }

  value(dataId: object): Value {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) {
      throw new FacetError({
        code: 'compute.foreign-tensor',
        message: 'The program uses a tensor that was made outside its build function.',
        fix: 'Pass it as an input, as state or as a constant, or make it inside build.',
      });
    }
    return entry.value;
  }

  hold(value: Value): object {
    const dataId = {};
    this.#entries.set(dataId, { value, references: 1 });
    this.#count += 1;
    return dataId;
  }

  override write(values: tf.backend_util.TypedArray, shape: number[], dtype: tf.DataType): object {
    refuseRandom();
    return this.hold(constantOf(this.builder, values, shape, dtype));
  }

  override move(): void {
    throw new FacetError({
      code: 'compute.foreign-tensor',
      message: 'The program uses a tensor that was made outside its build function.',
      fix: 'Pass it as an input, as state or as a constant, or make it inside build.',
    });
  }

  override readSync(dataId: object): ConstantArray & tf.backend_util.TypedArray {
    const { known, shape } = this.value(dataId);
    if (known?.kind === 'array' && !(known.data instanceof BigInt64Array)) return known.data;
    if (known?.kind === 'uniform') {
      return new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(known.value);
    }
    throw new FacetError({
      code: 'compute.value-not-known',
      message: 'The build function reads the value of a tensor, which is not known while recording.',
      fix: 'Express the decision with tensor operations, such as tf.where.',
    });
  }

  override async read(dataId: object): Promise<ConstantArray & tf.backend_util.TypedArray> {
    return this.readSync(dataId);
  }

  override incRef(dataId: object): void {
    const entry = this.#entries.get(dataId);
    if (entry !== undefined) entry.references += 1;
  }

  override refCount(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) return true;
    entry.references -= 1;
    if (entry.references > 0 && !force) return false;
    this.#entries.delete(dataId);
    this.#count -= 1;
    return true;
  }

  override numDataIds(): number {
    return this.#count;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override dispose(): void {
    this.#entries = new WeakMap();
  }
}

/** Operations of tfjs that draw numbers and write them as a constant. */
const DRAWS = ['rand', 'randomGamma', 'randomNormal', 'randomUniform', 'truncatedNormal'];
/** tfjs runs each operation in a scope that is called by its name and this. */
const SCOPE_SUFFIX = '__op';

/** A number drawn while recording would be the same on every run. */
function refuseRandom(): void {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name);
  const draw = DRAWS.find((operation) => scopes.includes(`${operation}${SCOPE_SUFFIX}`));
  if (draw === undefined) return;
  throw new FacetError({
    code: 'compute.noise-in-graph',
    message: `${draw} draws numbers while the program is recorded, which would be the same on every run.`,
    fix: 'Make noise outside and pass it as an input.',
  });
}

function constantOf(
  builder: GraphBuilder,
  values: tf.backend_util.TypedArray,
  shape: readonly number[],
  dtype: tf.DataType,
): Value {
  if (dtype === 'float32') return builder.array(Float32Array.from(values), shape, 'float32');
  if (dtype === 'int32') return builder.array(Int32Array.from(values), shape, 'int32');
  if (dtype === 'bool') return builder.array(Uint8Array.from(values), shape, 'bool');
  throw badType(dtype);
}

export function elementType(dtype: string): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw badType(dtype);
}

function badType(dtype: string): FacetError {
  return new FacetError({
    code: 'compute.bad-dtype',
    message: `The program uses a ${dtype} tensor.`,
    fix: 'Use float32, int32 or bool.',
  });
}

let instance: RecorderBackend | null = null;

export function recorderBackend(): RecorderBackend {
  if (instance === null) {
    const made = new RecorderBackend();
    tf.registerBackend(BACKEND_NAME, () => made, -1);
    instance = made;
  }
  return instance;
}
