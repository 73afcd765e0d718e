/** Tensors for the rest of the project: write a program in tfjs, run it on any engine. */
export { after } from './after.ts';
export { appendRows } from './appendRows.ts';
export { type Created, createEngine, listEngines } from './engines/create.ts';
export type { EngineOptions } from './engines/providers.ts';
export {
  constantBytes,
  type PackedCopy,
  type ProgramMemory,
  packedCopy,
  planProgram,
} from './memory/plan.ts';
export type * from './program.ts';
export { rmsNorm } from './rmsNorm.ts';
export { prepareTfjs, tf } from './tf.ts';
