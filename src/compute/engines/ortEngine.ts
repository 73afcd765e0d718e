/** Compiled programs on ONNX Runtime: one graph per program, state written in place, nothing copied per step. */
import { availableParallelism } from 'node:os';
import type * as Ort from 'onnxruntime-node';
import { isOutOfMemory } from '#core/outOfMemory.ts';
import { FacetError } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import { sourceName, valueName, writeModel } from '../onnx/model.ts';
import type {
  CompiledProgram,
  Constant,
  Engine,
  NamedData,
  NamedSpecs,
  Program,
  TensorData,
  TensorSpec,
} from '../program.ts';
import { type Append, withoutAppends } from '../record/appends.ts';
import type { Graph } from '../record/graph.ts';
import { mergeProducts } from '../record/merge.ts';
import { recordProgram } from '../record/recorder.ts';
import { checkData, checkInputs, noMemory, specsOf } from './checks.ts';
import { ort } from './ort.ts';
import { type ConstantPolicy, OrtConstants, type PlacedGraph } from './ortConstants.ts';
import { DeviceState, hostState, type StateCell, type StateStore } from './ortState.ts';
import { ORT_TARGETS, type OrtName, type OrtTarget } from './ortTargets.ts';
import { dataOf, toTensor } from './ortTensors.ts';

export interface OrtOptions {
  readonly name: OrtName;
  readonly device: string;
  /** Threads inside one operation; all cores by default. */
  readonly threads?: number;
  /** Where constants go; as `ORT_TARGETS` says by default. */
  readonly placeConstants?: ConstantPolicy['place'];
  /** Prefix of ONNX Runtime's profile file; none is written by default. */
  readonly profilePrefix?: string;
}

/** Where several compute processes share the cores, whoever starts them says how many each may use. */
const allottedThreads = (): number => Number(process.env.FACET_THREADS) || availableParallelism();

/**
 * Waiting threads spin for 20 µs, which is as long as most pauses between two operations, and then sleep; without a limit
 * they would take the processor from everything else that runs, this process included.
 */
const WAITING = { allow_spinning: '1', spin_duration_us: '20' } as const;

const sessionConfig = ({ session, optimization }: PlacedGraph) => ({
  session: { intra_op: WAITING, force_spinning_stop: '1', ...session },
  optimization,
});

/** State stays on the device, outputs come back. */
const locations = (graph: Graph): Record<string, 'gpu-buffer' | 'cpu'> =>
  Object.fromEntries([
    ...graph.state.map(({ value }) => [valueName(value), 'gpu-buffer'] as const),
    ...graph.outputs.map(({ value }) => [valueName(value), 'cpu'] as const),
  ]);

/** State is swapped only after a run that succeeded, so a failed one leaves it as it was. */
async function runSession(
  program: string,
  device: string,
  session: Ort.InferenceSession,
  feeds: Record<string, Ort.Tensor>,
  fetches: Record<string, Ort.Tensor | null>,
): Promise<Ort.InferenceSession.OnnxValueMapType> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    if (isOutOfMemory(error)) throw noMemory(program, device, error);
    throw new FacetError(
      {
        code: 'compute.run-failed',
        message: `The program ${program} failed: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'Check that indices lie within the arrays they read, and that memory suffices.',
      },
      { cause: error },
    );
  }
}

export class OrtEngine implements Engine {
  readonly name: EngineName;
  readonly device: string;
  readonly #options: OrtOptions;
  readonly #target: OrtTarget;
  readonly #state = new Map<string, StateCell>();
  readonly #store: StateStore;
  readonly #constants: OrtConstants;
  readonly #programs = new Set<CompiledProgram>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: OrtOptions) {
    this.#options = options;
    this.name = options.name;
    this.device = options.device;
    this.#target = ORT_TARGETS[options.name];
    this.#store = this.#target.stateOn === 'host' ? hostState : new DeviceState(this.#target.provider);
    const { constants } = this.#target;
    this.#constants = new OrtConstants({
      ...constants,
      place: options.placeConstants ?? constants.place,
    });
  }

  /** Runs one thing at a time: a step must see the state that the step before it wrote. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => null);
    return turn;
  }

  setConstants(constants: Readonly<Record<string, Constant>>): Promise<void> {
    return this.#inTurn(() => this.#constants.set(constants));
  }

  setState(state: Readonly<Record<string, { spec: TensorSpec; data: TensorData }>>): Promise<void> {
    return this.#inTurn(async () => {
      for (const [name, { spec, data }] of Object.entries(state)) {
        const before = this.#state.get(name);
        checkData(name, spec, data, before?.spec);
        this.#state.set(name, await this.#store.create(spec, data));
        before?.dispose();
      }
    });
  }

  getState(names: readonly string[]): Promise<NamedData> {
    return this.#inTurn(async () => {
      const values: Record<string, TensorData> = {};
      for (const name of names) values[name] = await this.#cell(name).read();
      return values;
    });
  }

  dropState(names: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const name of names) {
        this.#state.get(name)?.dispose();
        this.#state.delete(name);
      }
    });
  }

  #cell(name: string): StateCell {
    const cell = this.#state.get(name);
    if (cell !== undefined) return cell;
    throw new FacetError({
      code: 'compute.unknown-state',
      message: `The engine holds no state named ${name}.`,
      fix: 'Create it with setState first.',
    });
  }

  compile(program: Program): Promise<CompiledProgram> {
    return this.#inTurn(async () => {
      const started = performance.now();
      const shapes = { state: specsOf(this.#state), constants: this.#constants.specs };
      const { graph, appends } = withoutAppends(recordProgram(program, shapes, this.#target.nodes));
      const pack = program.packConstants ?? false;
      const joint =
        pack && this.name === 'onnx-cpu'
          ? mergeProducts(graph, (name) => !this.#constants.isDirect(name))
          : graph;
      const placed = await this.#constants.place(joint, { pack });
      const session = await this.#session(program, placed);
      const compiled: CompiledProgram = {
        name: program.name,
        compileMs: performance.now() - started,
        run: (inputs) => this.#inTurn(() => this.#run(program.inputs, placed, session, inputs, appends)),
        dispose: () =>
          this.#inTurn(async () => {
            if (!this.#programs.delete(compiled)) return;
            for (const cell of this.#state.values()) await cell.leave(session);
            await session.release();
          }),
      };
      this.#programs.add(compiled);
      return compiled;
    });
  }

  async #session(program: Program, placed: PlacedGraph): Promise<Ort.InferenceSession> {
    const { threads, profilePrefix } = this.#options;
    try {
      return await ort().InferenceSession.create(writeModel(placed.graph, placed.baked), {
        ...this.#target.options,
        executionProviders: [this.#target.execution],
        graphOptimizationLevel: 'all',
        intraOpNumThreads: threads ?? allottedThreads(),
        logSeverityLevel: 3,
        ...(this.#store.onDevice && { preferredOutputLocation: locations(placed.graph) }),
        extra: sessionConfig(placed),
        ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
      });
    } catch (error) {
      if (isOutOfMemory(error)) throw noMemory(program.name, this.device, error);
      throw new FacetError(
        {
          code: 'compute.session-failed',
          message: `ONNX Runtime can't load the program ${program.name}: ${error instanceof Error ? error.message : String(error)}`,
          fix: 'Choose the engine tfjs-wasm for this run, and report the message.',
        },
        { cause: error },
      );
    }
  }

  async #run(
    specs: NamedSpecs,
    { graph, fed }: PlacedGraph,
    session: Ort.InferenceSession,
    inputs: NamedData,
    appends: readonly Append[],
  ): Promise<NamedData> {
    checkInputs(graph.name, specs, inputs);
    const feeds: Record<string, Ort.Tensor> = {};
    for (const value of graph.sources) {
      const { kind, name } = value.source!;
      const key = sourceName(kind, name);
      if (kind === 'state') feeds[key] = this.#cell(name).current;
      else if (kind === 'constant') {
        const tensor = fed.get(name);
        if (tensor !== undefined) feeds[key] = tensor;
      } else feeds[key] = toTensor(specs[name]!, inputs[name]!);
    }
    const fetches: Record<string, Ort.Tensor | null> = {};
    for (const { name, value } of graph.state) fetches[valueName(value)] = this.#cell(name).target();
    for (const { value } of graph.outputs) fetches[valueName(value)] = null;
    const results = await runSession(graph.name, this.device, session, feeds, fetches);
    for (const { name, value } of graph.state) {
      this.#cell(name).accept(results[valueName(value)] as Ort.Tensor, session);
    }
    const outputs: Record<string, TensorData> = {};
    for (const { name, value } of graph.outputs)
      outputs[name] = dataOf(results[valueName(value)] as Ort.Tensor);
    for (const { state, lengths } of appends) {
      this.#cell(state).append(outputs[state]!, inputs[lengths]!);
      delete outputs[state];
    }
    return outputs;
  }

  async dispose(): Promise<void> {
    await this.#inTurn(async () => {
      for (const cell of this.#state.values()) cell.dispose();
      this.#state.clear();
    });
    for (const program of [...this.#programs]) await program.dispose();
    await this.#store.dispose();
    this.#constants.clear();
  }
}
