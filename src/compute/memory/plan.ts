/** What a program will hold in memory, worked out from its graph before any of it is taken. */
import type { EngineName } from '#core/runConfig.ts';
import { ORT_TARGETS, type OrtName } from '../engines/ortTargets.ts';
import type { Constant, NamedSpecs, Program } from '../program.ts';
import { withoutAppends } from '../record/appends.ts';
import { type ElementType, type Graph, sizeOf } from '../record/graph.ts';
import { recordProgram } from '../record/recorder.ts';
import { type Unpacking, unpackAtUse } from '../record/unpack.ts';
import { widenAtUse } from '../record/widen.ts';
import { blocksOf, liesAsRead } from '../stored/decode.ts';
import { type BlockFormat, FLOAT_BYTES, GROUPS, isBlockFormat } from '../stored/formats.ts';
import { packedBytes } from '../stored/packed.ts';
import { arenaBytes, liveBytes } from './arena.ts';
import { bufferEvents, valueBytes } from './buffers.ts';

export interface ProgramMemory {
  /** Arrays of a run. ONNX Runtime on the processor keeps them until the program is disposed of. */
  readonly workBytes: number;
  /** Frozen weights that belong to this program alone: a copy on the device. 0 where programs share them. */
  readonly ownConstantBytes: number;
  /** State that a run writes: it exists twice. */
  readonly writes: readonly string[];
  readonly nodes: number;
}

const FILE_TYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
const storedType = ({ spec, source }: Constant): ElementType =>
  source.kind === 'file' && !isBlockFormat(source.dtype) && source.held === undefined && liesAsRead(source)
    ? FILE_TYPES[source.dtype]
    : spec.dtype;

/** The blocks that a constant stays in on the engine; null where it is held in floats. */
const keptBlocks = (engine: EngineName, constant: Constant): BlockFormat | null =>
  isCompiled(engine) && ORT_TARGETS[engine].constants.keepsBlocks ? blocksOf(constant) : null;

/** Bytes of constants as an engine holds them once: as stored where it can widen them as it runs. */
export function constantBytes(engine: EngineName, constants: Readonly<Record<string, Constant>>): number {
  const keeps: readonly string[] = isCompiled(engine) ? ORT_TARGETS[engine].constants.keeps : [];
  return Object.values(constants).reduce((sum, constant) => {
    const blocks = keptBlocks(engine, constant);
    if (blocks !== null) return sum + packedBytes(blocks, sizeOf(constant.spec.shape));
    const stored = storedType(constant);
    const type = keeps.includes(stored) ? stored : constant.spec.dtype;
    return sum + valueBytes({ shape: constant.spec.shape, type });
  }, 0);
}

export interface PackedCopy {
  /** What a program with `packConstants` holds of its own. */
  readonly bytes: number;
  /** What of that it is handed inside its model: all but what lies in files of floats. */
  readonly embeddedBytes: number;
}

/** The copy of constants that such a program makes: 4-bit weights stay so, all others are widened. */
export function packedCopy(engine: EngineName, constants: Readonly<Record<string, Constant>>): PackedCopy {
  let bytes = 0;
  let embeddedBytes = 0;
  for (const constant of Object.values(constants)) {
    const blocks = blocksOf(constant);
    const values = sizeOf(constant.spec.shape);
    const isDirect = blocks !== null && GROUPS[blocks].bits === 4 && keptBlocks(engine, constant) !== null;
    const own = isDirect ? packedBytes(blocks, values) : FLOAT_BYTES.F32 * values;
    bytes += own;
    if (blocks !== null || constant.source.kind === 'data') embeddedBytes += own;
  }
  return { bytes, embeddedBytes };
}

const isCompiled = (engine: EngineName): engine is OrtName => engine.startsWith('onnx-');

/** Everything an eager step makes lives until it ends: gradients may ask for it. */
function everyValueBytes(graph: Graph): number {
  const outputs = graph.nodes.flatMap(({ op, outputs: made }) => (op === 'Reshape' ? [] : made));
  return outputs.reduce((sum, value) => sum + valueBytes(value), 0);
}

/**
 * Records the program as the engine would and follows its arrays through a run. `state` holds at least what the program
 * reads. Fails as `recordProgram` does.
 */
export function planProgram(
  program: Program,
  held: { readonly state: NamedSpecs; readonly constants: Readonly<Record<string, Constant>> },
  engine: EngineName,
): ProgramMemory {
  const specs = Object.fromEntries(Object.entries(held.constants).map(([name, { spec }]) => [name, spec]));
  const shapes = { state: held.state, constants: specs };
  if (!isCompiled(engine)) {
    const graph = recordProgram(program, shapes);
    return {
      workBytes: everyValueBytes(graph),
      ownConstantBytes: 0,
      writes: graph.state.map(({ name }) => name),
      nodes: graph.nodes.length,
    };
  }
  const target = ORT_TARGETS[engine];
  const { graph } = withoutAppends(recordProgram(program, shapes, target.nodes));
  const read = Object.fromEntries(
    Object.entries(held.constants).filter(([name]) => program.constants.includes(name)),
  );
  const kept = new Map(
    Object.entries(read)
      .map(([name, constant]) => [name, storedType(constant)] as const)
      .filter(([, type]) => (target.constants.keeps as readonly string[]).includes(type)),
  );
  const packed = new Map<string, Unpacking>();
  for (const [name, constant] of Object.entries(read)) {
    const blocks = keptBlocks(engine, constant);
    if (blocks !== null) packed.set(name, { ...GROUPS[blocks], direct: false });
  }
  const events = bufferEvents(unpackAtUse(widenAtUse(graph, kept), packed));
  const onProcessor = target.provider === 'cpu';
  return {
    workBytes: onProcessor ? arenaBytes(events) : liveBytes(events),
    ownConstantBytes: onProcessor ? 0 : constantBytes(engine, read),
    writes: graph.state.map(({ name }) => name),
    nodes: graph.nodes.length,
  };
}
