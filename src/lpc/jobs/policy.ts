/** A trained policy ready to be asked: engine, model, tokenizer and the checkpoint's state, kept warm between jobs. */
import type { Engine, Program } from '#compute/program.ts';
import { FacetError } from '#core/result.ts';
import type { EngineChoice, RunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import type { RowShape } from '../packing/shape.ts';
import type { Stage } from '../programs/policy.ts';
import { priorOfStatesProgram, priorProgram } from '../programs/priorProgram.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { type Checkpoint, readCheckpoint } from '../train/checkpoint.ts';
import { weightsIn } from '../train/initialEngineState.ts';
import { openEngine, openModel } from '../train/prepare.ts';
import { optionsFor, type ReadyProgram, ready } from '../train/programs.ts';

export interface Policy {
  readonly config: RunConfig;
  readonly model: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly engine: Engine;
  readonly engineFrame: RunFrame;
  readonly stage: Stage;
  /** p(z|x) of prompt-only rows of a shape; compiled once a shape. */
  priorFor(shape: RowShape): Promise<ReadyProgram>;
  /** The same of h_x that is known, so many prompts at once. */
  priorOfStates(prompts: number): Promise<ReadyProgram>;
  dispose(): Promise<void>;
}

export function requireSameModel({ dir, config }: Checkpoint, model: ModelFolder): void {
  const { info } = model;
  const same = (Object.keys(info) as (keyof typeof info)[]).every((key) => config.model[key] === info[key]);
  if (same) return;
  throw new FacetError({
    code: 'checkpoint.other-model',
    message: `The checkpoint was trained on a different model (${config.model.parameters} parameters) from ${model.dir} (${info.parameters}).`,
    fix: 'Choose the model folder that the run was trained on.',
    where: { file: dir },
  });
}

/** Opens model and checkpoint and puts both on the engine. Throws `checkpoint.…`, `model.…`, `compute.…`. */
export async function openPolicy(
  modelDir: string,
  checkpointDir: string,
  choice: EngineChoice,
): Promise<Policy> {
  const checkpoint = await readCheckpoint(checkpointDir);
  const config = checkpoint.config.run;
  const { model, tokenizer } = await openModel(modelDir, config, checkpoint.start);
  requireSameModel(checkpoint, model);
  const { engine, frame } = await openEngine(choice);
  try {
    if (weightsIn(config) === 'constants') await engine.setConstants(model.tensors);
    await engine.setState(checkpoint.trained);
  } catch (error) {
    await engine.dispose();
    throw error;
  }
  const stage: Stage = config.trainable === 'heads' ? 'heads' : 'all';
  const programs = new Map<string, Promise<ReadyProgram>>();
  const compiled = (key: string, program: () => Program): Promise<ReadyProgram> => {
    const made = programs.get(key) ?? ready(engine, program());
    programs.set(key, made);
    return made;
  };
  return {
    config,
    model,
    tokenizer,
    engine,
    engineFrame: frame,
    stage,
    priorFor: (shape) =>
      compiled(JSON.stringify(shape), () => priorProgram(optionsFor({ config, model, shape }, stage))),
    priorOfStates: (prompts) =>
      compiled(`states ${prompts}`, () => priorOfStatesProgram({ config, backbone: model.config }, prompts)),
    dispose: () => engine.dispose(),
  };
}
