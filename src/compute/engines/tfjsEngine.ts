/** Programs run eagerly on a tfjs backend; the build function is called on each run. */
import { isOutOfMemory } from '#core/outOfMemory.ts';
import { FacetError } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import type {
  CompiledProgram,
  Constant,
  Engine,
  NamedData,
  NamedTensors,
  Program,
  Tensor,
  TensorData,
  TensorSpec,
} from '../program.ts';
import { tf } from '../tf.ts';
import { checkData, checkInputs, noMemory } from './checks.ts';
import { readConstant } from './weights.ts';

interface Held {
  readonly spec: TensorSpec;
  tensor: Tensor;
}

const toTensor = (spec: TensorSpec, data: TensorData): Tensor => tf.tensor(data, [...spec.shape], spec.dtype);

async function read(tensor: Tensor): Promise<TensorData> {
  const data = await tensor.data();
  // A copy: the plain backend hands out the memory of the tensor itself.
  return tensor.dtype === 'float32' ? Float32Array.from(data) : Int32Array.from(data);
}

export class TfjsEngine implements Engine {
  readonly name: EngineName;
  readonly device: string;
  readonly #backend: string;
  readonly #state = new Map<string, Held>();
  readonly #constants = new Map<string, Held>();
  #queue: Promise<unknown> = Promise.resolve();

  /** `backend` must be registered and initialised. */
  constructor(name: EngineName, device: string, backend: string) {
    this.name = name;
    this.device = device;
    this.#backend = backend;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => null);
    return turn;
  }

  /** tfjs has one backend at a time for the whole process: it is set for each synchronous stretch of work. */
  #onBackend<T>(work: () => T): T {
    const previous: string | undefined = tf.getBackend();
    void tf.setBackend(this.#backend);
    try {
      return work();
    } finally {
      if (previous !== undefined && previous !== this.#backend) void tf.setBackend(previous);
    }
  }

  #hold(map: Map<string, Held>, name: string, spec: TensorSpec, data: TensorData): void {
    map.get(name)?.tensor.dispose();
    map.set(name, { spec, tensor: this.#onBackend(() => tf.keep(toTensor(spec, data.slice()))) });
  }

  setConstants(constants: Readonly<Record<string, Constant>>): Promise<void> {
    return this.#inTurn(async () => {
      for (const [name, constant] of Object.entries(constants)) {
        this.#hold(this.#constants, name, constant.spec, await readConstant(name, constant));
      }
    });
  }

  setState(state: Readonly<Record<string, { spec: TensorSpec; data: TensorData }>>): Promise<void> {
    return this.#inTurn(async () => {
      for (const [name, { spec, data }] of Object.entries(state)) {
        checkData(name, spec, data, this.#state.get(name)?.spec);
        this.#hold(this.#state, name, spec, data);
      }
    });
  }

  getState(names: readonly string[]): Promise<NamedData> {
    return this.#inTurn(async () => {
      const values: Record<string, TensorData> = {};
      for (const name of names) values[name] = await read(this.#pick(this.#state, [name], 'state')[name]!);
      return values;
    });
  }

  dropState(names: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const name of names) {
        this.#state.get(name)?.tensor.dispose();
        this.#state.delete(name);
      }
    });
  }

  #pick(map: Map<string, Held>, names: readonly string[], kind: string): Record<string, Tensor> {
    const picked: Record<string, Tensor> = {};
    for (const name of names) {
      const held = map.get(name);
      if (held === undefined) {
        throw new FacetError({
          code: kind === 'state' ? 'compute.unknown-state' : 'compute.unknown-constant',
          message: `The engine holds no ${kind} named ${name}.`,
          fix: `Create it with ${kind === 'state' ? 'setState' : 'setConstants'} first.`,
        });
      }
      picked[name] = held.tensor;
    }
    return picked;
  }

  compile(program: Program): Promise<CompiledProgram> {
    return this.#inTurn(async () => {
      this.#pick(this.#state, program.state, 'state');
      this.#pick(this.#constants, program.constants, 'constant');
      return {
        name: program.name,
        compileMs: 0,
        run: (inputs: NamedData) =>
          this.#inTurn(() =>
            this.#run(program, inputs).catch((error: unknown) => {
              throw isOutOfMemory(error) ? noMemory(program.name, this.device, error) : error;
            }),
          ),
        dispose: async () => undefined,
      };
    });
  }

  async #run(program: Program, data: NamedData): Promise<NamedData> {
    checkInputs(program.name, program.inputs, data);
    let next: NamedTensors = {};
    const outputs = this.#onBackend((): NamedTensors => {
      let made: NamedTensors = {};
      // tidy frees every intermediate; what it returns is kept.
      tf.tidy(() => {
        const inputs: Record<string, Tensor> = {};
        for (const [name, spec] of Object.entries(program.inputs)) inputs[name] = toTensor(spec, data[name]!);
        const state = this.#pick(this.#state, program.state, 'state');
        const constants = this.#pick(this.#constants, program.constants, 'constant');
        const built = program.build({ inputs, state, constants });
        // Clones share memory: a result may be an input, a constant or another result.
        made = mapTensors(built.outputs, (tensor) => tf.keep(tensor.clone()));
        next = mapTensors(built.state ?? {}, (tensor) => tf.keep(tensor.clone()));
        this.#checkState(program, next);
      });
      return made;
    });
    const values: Record<string, TensorData> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      values[name] = await read(tensor);
      tensor.dispose();
    }
    // Only after a run that gave all its outputs, so that a failed one leaves the state as it was.
    for (const [name, tensor] of Object.entries(next)) {
      const held = this.#state.get(name)!;
      held.tensor.dispose();
      held.tensor = tensor;
    }
    return values;
  }

  #checkState(program: Program, next: NamedTensors): void {
    for (const [name, tensor] of Object.entries(next)) {
      const held = this.#state.get(name);
      const wanted =
        held === undefined ? 'no such state' : `${held.spec.dtype}[${held.spec.shape.join(', ')}]`;
      const got = `${tensor.dtype}[${tensor.shape.join(', ')}]`;
      if (held === undefined || wanted !== got) {
        for (const made of Object.values(next)) made.dispose();
        throw new FacetError({
          code: 'compute.bad-program',
          message: `The program ${program.name} returns the state ${name} as ${got}; the engine holds ${wanted}.`,
          fix: 'Return each state tensor with the shape and type it was created with.',
        });
      }
    }
  }

  async dispose(): Promise<void> {
    for (const held of [...this.#state.values(), ...this.#constants.values()]) held.tensor.dispose();
    this.#state.clear();
    this.#constants.clear();
  }
}

function mapTensors(tensors: NamedTensors, change: (tensor: Tensor) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
