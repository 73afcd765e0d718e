/** How a tfjs kernel is given its recording: a function from graph values and attributes to graph values. */
import { tf } from '../tf.ts';
import { BACKEND_NAME, RecorderBackend } from './backend.ts';
import type { GraphBuilder } from './builder.ts';
import type { Value } from './graph.ts';

interface KernelCall {
  readonly builder: GraphBuilder;
  /** Input by its tfjs name. */
  input(name: string): Value;
  optional(name: string): Value | null;
  /** Inputs of kernels that take a list (Concat, Pack, AddN). */
  readonly list: readonly Value[];
  readonly attributes: Attributes;
}

export class Attributes {
  readonly #values: tf.NamedAttrMap;
  constructor(values: tf.NamedAttrMap) {
    this.#values = values;
  }
  number(name: string): number {
    const value = this.#values[name];
    if (typeof value !== 'number') throw new Error(`attribute ${name} is not a number`);
    return value;
  }
  flag(name: string): boolean {
    return this.#values[name] === true;
  }
  text(name: string): string {
    return String(this.#values[name]);
  }
  /** A list of numbers; a lone number is a list of one, an absent one is null. */
  numbers(name: string): number[] | null {
    const value = this.#values[name];
    if (value === undefined || value === null) return null;
    if (typeof value === 'number') return [value];
    if (Array.isArray(value)) return value.map(Number);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
    throw new Error(`attribute ${name} is not a list of numbers`);
  }
  pairs(name: string): [number, number][] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw new Error(`attribute ${name} is not a list of pairs`);
    return value.map((pair) => (Array.isArray(pair) ? [Number(pair[0]), Number(pair[1])] : [0, 0]));
  }
}

export type Recording = (call: KernelCall) => Value | readonly Value[];

const toInfo = (backend: RecorderBackend, value: Value): tf.TensorInfo => {
  if (value.type !== 'float32' && value.type !== 'int32' && value.type !== 'bool') {
    throw new Error(`a kernel recording returned ${value.type}, which tfjs can't hold`);
  }
  return { dataId: backend.hold(value), shape: [...value.shape], dtype: value.type };
};

/** Registers the recording of one tfjs kernel. */
export function record(kernelName: string, recording: Recording): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs, backend }) => {
      if (!(backend instanceof RecorderBackend)) throw new Error('a recording kernel ran on another backend');
      const find = (name: string): Value | null => {
        const info = inputs[name];
        return info === undefined || info === null ? null : backend.value(info.dataId);
      };
      const made = recording({
        builder: backend.builder,
        optional: find,
        input: (name) => {
          const value = find(name);
          if (value === null) throw new Error(`${kernelName} has no input ${name}`);
          return value;
        },
        list: Object.values(inputs).flatMap((info) =>
          info === undefined ? [] : [backend.value(info.dataId)],
        ),
        attributes: new Attributes(attrs ?? {}),
      });
      return Array.isArray(made)
        ? made.map((value: Value) => toInfo(backend, value))
        : toInfo(backend, made as Value);
    },
  });
}

/** Axes counted from 0, ascending; null means all. */
export function resolveAxes(axes: readonly number[] | null, rank: number): number[] {
  const all = axes === null ? Array.from({ length: rank }, (_, axis) => axis) : [...axes];
  return all.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
}
