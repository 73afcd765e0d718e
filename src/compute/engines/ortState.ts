/** Where an engine's state lives: in host memory, written in place, or on the device. */
import type * as Ort from 'onnxruntime-node';
import { sourceName, valueName, writeModel } from '../onnx/model.ts';
import type { TensorData, TensorSpec } from '../program.ts';
import { writeRows } from '../record/appends.ts';
import { GraphBuilder } from '../record/builder.ts';
import { sizeOf } from '../record/graph.ts';
import { pruned } from '../record/prune.ts';
import { ort } from './ort.ts';
import { dataOf, toTensor } from './ortTensors.ts';

export interface StateStore {
  /** Whether sessions leave what they write of the state on the device. */
  readonly onDevice: boolean;
  create(spec: TensorSpec, data: TensorData): Promise<StateCell>;
  dispose(): Promise<void>;
}

/** One named tensor of the state. */
export interface StateCell {
  readonly spec: TensorSpec;
  /** What a run reads. */
  readonly current: Ort.Tensor;
  /** Where a run writes; null lets ONNX Runtime allocate. */
  target(): Ort.Tensor | null;
  /** Takes what a run of `session` that succeeded has written. */
  accept(written: Ort.Tensor, session: Ort.InferenceSession): void;
  /** Writes entries (N, H, 1, S) at a place of each row (N) of a state (N, H, C, S), and copies nothing. */
  append(added: TensorData, places: TensorData): void;
  /** Called before `session` is released: nothing of it may be held any longer. */
  leave(session: Ort.InferenceSession): Promise<void>;
  /** A copy of the current values. */
  read(): Promise<TensorData>;
  dispose(): void;
}

/** Two buffers that take turns; the second is made when a program first writes. */
class HostCell implements StateCell {
  readonly spec: TensorSpec;
  current: Ort.Tensor;
  #spare: Ort.Tensor | null = null;

  constructor(spec: TensorSpec, data: TensorData) {
    this.spec = spec;
    this.current = toTensor(spec, data.slice());
  }

  target(): Ort.Tensor {
    const size = sizeOf(this.spec.shape);
    this.#spare ??= toTensor(
      this.spec,
      this.spec.dtype === 'float32' ? new Float32Array(size) : new Int32Array(size),
    );
    return this.#spare;
  }

  accept(): void {
    [this.current, this.#spare] = [this.target(), this.current];
  }

  append(added: TensorData, places: TensorData): void {
    writeRows(dataOf(this.current), this.spec, added, places);
  }

  leave(): Promise<void> {
    return Promise.resolve();
  }

  async read(): Promise<TensorData> {
    return dataOf(this.current).slice();
  }

  dispose(): void {
    this.#spare = null;
  }
}

export const hostState: StateStore = {
  onDevice: false,
  create: async (spec, data) => new HostCell(spec, data),
  dispose: async () => undefined,
};

type Copy = (tensor: Ort.Tensor, to: 'gpu-buffer' | 'cpu') => Promise<Ort.Tensor>;

class DeviceCell implements StateCell {
  readonly spec: TensorSpec;
  current: Ort.Tensor;
  readonly #copy: Copy;
  /** The program whose memory `current` is; null after a copy, which belongs to the store. */
  #owner: Ort.InferenceSession | null = null;

  constructor(spec: TensorSpec, current: Ort.Tensor, copy: Copy) {
    this.spec = spec;
    this.current = current;
    this.#copy = copy;
  }

  target(): null {
    return null;
  }

  accept(written: Ort.Tensor, session: Ort.InferenceSession): void {
    this.current.dispose();
    this.current = written;
    this.#owner = session;
  }

  append(): void {
    throw new Error('state on a device is replaced, not appended to');
  }

  /** A device tensor must not outlive the session that allocated it: freeing it later ends the process. */
  async leave(session: Ort.InferenceSession): Promise<void> {
    if (this.#owner !== session) return;
    const copied = await this.#copy(this.current, 'gpu-buffer');
    this.current.dispose();
    this.current = copied;
    this.#owner = null;
  }

  async read(): Promise<TensorData> {
    return dataOf(await this.#copy(this.current, 'cpu')).slice();
  }

  dispose(): void {
    this.current.dispose();
  }
}

/**
 * State that stays on the device between runs. Tensors travel through sessions of one Identity node, one per shape and
 * direction: onnxruntime-node 1.30 aborts the process on `Tensor.getData` of a device tensor.
 */
export class DeviceState implements StateStore {
  readonly onDevice = true;
  readonly #sessions = new Map<string, Promise<Ort.InferenceSession>>();
  readonly #provider: string;

  constructor(provider: string) {
    this.#provider = provider;
  }

  async create(spec: TensorSpec, data: TensorData): Promise<StateCell> {
    const copy: Copy = (tensor, to) => this.#copy(spec, tensor, to);
    return new DeviceCell(spec, await copy(toTensor(spec, data.slice()), 'gpu-buffer'), copy);
  }

  async #copy(spec: TensorSpec, tensor: Ort.Tensor, to: 'gpu-buffer' | 'cpu'): Promise<Ort.Tensor> {
    const key = `${to} ${spec.dtype} ${spec.shape.join()}`;
    const making = this.#sessions.get(key) ?? this.#session(spec, to);
    this.#sessions.set(key, making);
    const session = await making;
    const results = await session.run({ [sourceName('input', 'x')]: tensor });
    return results[session.outputNames[0]!] as Ort.Tensor;
  }

  #session(spec: TensorSpec, to: 'gpu-buffer' | 'cpu'): Promise<Ort.InferenceSession> {
    const builder = new GraphBuilder();
    const x = builder.source({ kind: 'input', name: 'x' }, { shape: spec.shape, type: spec.dtype });
    const graph = pruned(builder, 'copy', [{ name: 'y', value: x }], []);
    return ort().InferenceSession.create(writeModel(graph), {
      executionProviders: [this.#provider],
      preferredOutputLocation: { [valueName(graph.outputs[0]!.value)]: to },
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 3,
    });
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release();
    this.#sessions.clear();
  }
}
