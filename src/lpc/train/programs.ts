/** The programs of one stage, compiled for the run's shape. */
import type { CompiledProgram, Engine, NamedData, Program } from '#compute/program.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import type { RowShape } from '../packing/shape.ts';
import type { ProgramOptions, Stage } from '../programs/policy.ts';
import { weightsIn } from './initialEngineState.ts';

export interface ReadyProgram {
  /** Feeds what the program asks for out of what is there; engines refuse inputs they don't know. */
  run(available: NamedData): Promise<NamedData>;
  dispose(): Promise<void>;
}

export async function ready(engine: Engine, program: Program): Promise<ReadyProgram> {
  const compiled: CompiledProgram = await engine.compile(program);
  const names = Object.keys(program.inputs);
  return {
    run: (available) =>
      compiled.run(
        Object.fromEntries(names.flatMap((name) => (available[name] ? [[name, available[name]]] : []))),
      ),
    dispose: () => compiled.dispose(),
  };
}

export const optionsFor = (
  { config, model, shape }: { config: RunConfig; model: ModelFolder; shape: RowShape },
  stage: Stage,
): ProgramOptions => ({ backbone: model.config, shape, config, weightsIn: weightsIn(config), stage });
