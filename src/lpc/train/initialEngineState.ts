/** What an engine holds before the first step: parameters at their initial values, moments at zero. */
import type { Engine, NamedSpecs, TensorData } from '#compute/program.ts';
import { type RunConfig, sumsRows } from '#core/runConfig.ts';
import { initLora } from '../backbone/lora.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { initHeads } from '../method/heads.ts';
import { momentSpecs } from '../optimiser/adamw.ts';
import { type ParameterGroups, parameterGroups } from '../programs/policy.ts';
import { gradientSpecs } from '../programs/trainProgram.ts';

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Under full fine-tuning the base weights are state, which a step replaces; else they are constants. */
export const weightsIn = (config: RunConfig): 'state' | 'constants' =>
  config.trainable === 'full' ? 'state' : 'constants';

/** Everything a run may train, whatever the stage. */
export function trainableSpecs(groups: ParameterGroups): NamedSpecs {
  return { ...groups.heads, ...groups.backbone };
}

async function backboneValues(
  config: RunConfig,
  model: ModelFolder,
): Promise<Readonly<Record<string, TensorData>>> {
  if (config.trainable === 'lora')
    return initLora(model.config, config.loraRank, config.seed, config.loraTargets);
  if (config.trainable === 'heads') return {};
  const values: Record<string, TensorData> = {};
  for (const [name, constant] of Object.entries(model.tensors)) values[name] = await readConstant(constant);
  return values;
}

/** Moments, and a step's summed gradients where it has several rows. */
function zeroSpecs(groups: ParameterGroups, sums: boolean): NamedSpecs {
  const parameters = trainableSpecs(groups);
  return { ...momentSpecs(parameters), ...(sums && gradientSpecs(parameters)) };
}

export async function setInitialEngineState(
  engine: Engine,
  config: RunConfig,
  model: ModelFolder,
  sums = sumsRows(config),
): Promise<void> {
  if (weightsIn(config) === 'constants') await engine.setConstants(model.tensors);
  const groups = parameterGroups(config, model.config);
  const values = await backboneValues(config, model);
  const withSpec = (specs: NamedSpecs, dataOf: (name: string, size: number) => TensorData) =>
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [name, { spec, data: dataOf(name, sizeOf(spec.shape)) }]),
    );
  await engine.setState({
    ...(config.latent && initHeads(config.latent, model.config, config.seed)),
    ...withSpec(groups.backbone, (name) => values[name] as TensorData),
    ...withSpec(zeroSpecs(groups, sums), (_, size) => new Float32Array(size)),
  });
}
