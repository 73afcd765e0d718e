/** Turns a program into a graph by running its build function once on a backend that records. */
import { FacetError } from '#core/result.ts';
import type { NamedSpecs, NamedTensors, Program, Tensor } from '../program.ts';
import { prepareTfjs, tf } from '../tf.ts';
import { BACKEND_NAME, recorderBackend } from './backend.ts';
import { CPU_TARGET, type Target } from './builder.ts';
import type { Graph, Source, Value } from './graph.ts';
import { registerKernels } from './kernels/index.ts';
import { pruned } from './prune.ts';

/** Enough to see past tfjs's own frames to the caller of an operation. */
const STACK_FRAMES = 60;

export interface Shapes {
  readonly state: NamedSpecs;
  readonly constants: NamedSpecs;
}

/**
 * Records `program`. Throws `compute.missing-kernel`, `compute.missing-gradient`, `compute.bad-shape`,
 * `compute.bad-dtype`, `compute.foreign-tensor`, `compute.value-not-known`, `compute.noise-in-graph` or
 * `compute.bad-program`.
 */
export function recordProgram(program: Program, shapes: Shapes, target: Target = CPU_TARGET): Graph {
  prepareTfjs();
  const backend = recorderBackend();
  registerKernels();
  const previous: string | undefined = tf.getBackend();
  if (previous === BACKEND_NAME) throw new Error('programs are recorded one at a time');
  // The factories are synchronous, so the backend is set when the call returns.
  void tf.setBackend(BACKEND_NAME);
  const builder = backend.begin(target);
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_FRAMES;
  tf.engine().startScope();
  try {
    const placeholders = (kind: Source['kind'], specs: NamedSpecs): Record<string, Tensor> => {
      const made: Record<string, Tensor> = {};
      for (const [name, spec] of Object.entries(specs)) {
        const value = builder.source({ kind, name }, { shape: spec.shape, type: spec.dtype });
        const dataId = backend.hold(value);
        made[name] = tf.engine().makeTensorFromTensorInfo({
          dataId,
          shape: [...spec.shape],
          dtype: spec.dtype,
        });
      }
      return made;
    };
    const built = program.build({
      inputs: placeholders('input', program.inputs),
      state: placeholders('state', pick(program, 'state', shapes.state)),
      constants: placeholders('constant', pick(program, 'constants', shapes.constants)),
    });
    const read = (tensors: NamedTensors) =>
      Object.entries(tensors).map(([name, tensor]) => ({ name, value: backend.value(tensor.dataId) }));
    const state = read(built.state ?? {}).filter(({ name, value }) => !isOwnState(name, value));
    checkState(program, shapes, state);
    return pruned(builder, program.name, read(built.outputs), state);
  } catch (error) {
    throw explained(error, program);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    tf.engine().endScope();
    backend.end();
    void tf.setBackend(previous ?? 'cpu');
  }
}

function pick(program: Program, kind: 'state' | 'constants', specs: NamedSpecs): NamedSpecs {
  const chosen: Record<string, NamedSpecs[string]> = {};
  for (const name of program[kind]) {
    const spec = specs[name];
    if (spec === undefined) {
      throw new FacetError({
        code: 'compute.bad-program',
        message: `The program ${program.name} reads ${kind === 'state' ? 'the state' : 'the constant'} ${name}, which the engine doesn't hold.`,
        fix: `Call ${kind === 'state' ? 'setState' : 'setConstants'} with it before compile.`,
      });
    }
    chosen[name] = spec;
  }
  return chosen;
}

const isOwnState = (name: string, value: Value): boolean =>
  value.source?.kind === 'state' && value.source.name === name;

function checkState(
  program: Program,
  shapes: Shapes,
  state: readonly { readonly name: string; readonly value: Value }[],
): void {
  for (const { name, value } of state) {
    const spec = shapes.state[name];
    const wanted = spec === undefined ? 'no such state' : `${spec.dtype}[${spec.shape.join(', ')}]`;
    const got = `${value.type}[${value.shape.join(', ')}]`;
    if (wanted !== got) {
      throw new FacetError({
        code: 'compute.bad-program',
        message: `The program ${program.name} returns the state ${name} as ${got}; the engine holds ${wanted}.`,
        fix: 'Return each state tensor with the shape and type it was created with.',
      });
    }
  }
}

/** Where in the caller's code an operation was called: the first frame below those of tfjs. */
function callSite(error: Error): string | null {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  const ours = (line: string) => line.includes('@tensorflow');
  const first = frames.findIndex(ours);
  const caller = frames.slice(first).find((line) => !ours(line));
  return first < 0 || caller === undefined ? null : caller.trim().replace(/^at /, '');
}

function explained(error: unknown, program: Program): unknown {
  if (!(error instanceof Error)) return error;
  const at = callSite(error);
  const place = `in the program ${program.name}${at === null ? '' : `, at ${at}`}`;
  if (error instanceof FacetError) {
    if (error.failure.message.includes(program.name)) return error;
    const message = `${error.failure.message.replace(/\.$/, '')} (${place}).`;
    return new FacetError({ ...error.failure, message }, { cause: error });
  }
  const kernel = /Kernel '([^']+)' not registered for backend/.exec(error.message)?.[1];
  if (kernel !== undefined) {
    return new FacetError(
      {
        code: 'compute.missing-kernel',
        message: `The operation ${kernel} has no recording kernel (${place}).`,
        fix: 'Express it with other operations, or add a kernel: see src/compute/README.md.',
      },
      { cause: error },
    );
  }
  const gradient = /gradient function not found for ([^.]+)\./.exec(error.message)?.[1];
  if (gradient !== undefined) {
    return new FacetError(
      {
        code: 'compute.missing-gradient',
        message: `The operation ${gradient} has no gradient (${place}).`,
        fix: 'Express it with other operations, or wrap it in tf.customGrad.',
      },
      { cause: error },
    );
  }
  return error;
}
