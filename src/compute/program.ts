/** The one interface of every engine: a program is a pure tfjs function of named tensors. */
import type * as tfTypes from '@tensorflow/tfjs';
import type { EngineName } from '#core/runConfig.ts';
import type { StoredAs } from './stored/decode.ts';

export type Tensor = tfTypes.Tensor;
export type NamedTensors = Readonly<Record<string, Tensor>>;

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}
export type NamedSpecs = Readonly<Record<string, TensorSpec>>;
export type TensorData = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
export type NamedData = Readonly<Record<string, TensorData>>;

/** Frozen weight: either values in memory, or a slice of a model file read in place. */
export type ConstantSource =
  | { readonly kind: 'data'; readonly data: TensorData }
  | ({
      readonly kind: 'file';
      readonly path: string;
      readonly offset: number;
      readonly bytes: number;
    } & StoredAs);
export interface Constant {
  readonly spec: TensorSpec;
  readonly source: ConstantSource;
}

export interface Program {
  readonly name: string;
  /** Fed on every run: tokens, masks, seeds, learning rate. Never burnt into the graph. */
  readonly inputs: NamedSpecs;
  /** Names of the engine's state that the program reads; those it returns under `state` are replaced after the run. */
  readonly state: readonly string[];
  /** Names of the engine's constants that it reads. */
  readonly constants: readonly string[];
  /**
   * Constants are laid out once for products with few rows, as a decoding step has: such a step takes about half the
   * time, and the program holds a copy of its own of what it reads. No difference on engines that don't compile.
   */
  readonly packConstants?: boolean;
  /** Pure: the same ops in the same order each time; called once by a recording engine, on each run by an eager one. */
  build(args: { inputs: NamedTensors; state: NamedTensors; constants: NamedTensors }): {
    readonly outputs: NamedTensors;
    readonly state?: NamedTensors;
  };
}

export interface CompiledProgram {
  readonly name: string;
  /** Milliseconds spent recording and making the session; 0 on eager engines. */
  readonly compileMs: number;
  run(inputs: NamedData): Promise<NamedData>;
  dispose(): Promise<void>;
}

/**
 * An engine holds state (trained weights, optimiser moments) and constants (frozen weights) that its programs share.
 * State is double-buffered: nothing is copied in JavaScript per step.
 */
export interface Engine {
  readonly name: EngineName;
  readonly device: string;
  setConstants(constants: Readonly<Record<string, Constant>>): Promise<void>;
  /** Creates or overwrites state tensors; fails if a name exists with another shape. */
  setState(state: Readonly<Record<string, { spec: TensorSpec; data: TensorData }>>): Promise<void>;
  /** Copies of state values, by name. */
  getState(names: readonly string[]): Promise<NamedData>;
  /** Frees state that no program in use reads; names that aren't there are passed over. */
  dropState(names: readonly string[]): Promise<void>;
  compile(program: Program): Promise<CompiledProgram>;
  dispose(): Promise<void>;
}
