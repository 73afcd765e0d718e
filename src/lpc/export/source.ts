/** What an export reads: a checkpoint over its model, and the backbone's weights with the adapter merged in. */
import { addLowRank } from '#compute/stored/lowRank.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { loraNameA, loraNameB } from '../backbone/lora.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { type Checkpoint, readCheckpoint } from '../train/checkpoint.ts';
import { openModel } from '../train/prepare.ts';

export interface ExportSource {
  readonly model: ModelFolder;
  readonly checkpoint: Checkpoint;
  readonly config: RunConfig;
  /** Values of a backbone weight as trained, by its Hugging Face name, float32. */
  weight(name: string): Promise<Float32Array>;
}

/** Opens both and checks that they belong together. Throws `checkpoint.…`, `model.…`. */
export async function openExportSource(modelDir: string, checkpointDir: string): Promise<ExportSource> {
  const checkpoint = await readCheckpoint(checkpointDir);
  const { model } = await openModel(modelDir, checkpoint.config.run, checkpoint.start);
  const { info } = model;
  if (
    checkpoint.config.model.parameters !== info.parameters ||
    checkpoint.config.model.dtype !== info.dtype
  ) {
    throw new FacetError({
      code: 'checkpoint.other-model',
      message: `The checkpoint belongs to a different model, not to ${modelDir}.`,
      fix: 'Choose the model folder that the run was trained on.',
      where: { file: checkpointDir },
    });
  }
  const config = checkpoint.config.run;
  const trained = (name: string): Float32Array | null => {
    const found = checkpoint.trained[name]?.data;
    return found instanceof Float32Array ? found : null;
  };
  const targetOf = (name: string): string => name.replace(/\.weight$/, '');
  const adapterOf = (name: string) => {
    const a = trained(loraNameA(targetOf(name)));
    const b = trained(loraNameB(targetOf(name)));
    return a && b ? { a, b } : null;
  };
  return {
    model,
    checkpoint,
    config,
    async weight(name) {
      const whole = trained(name);
      if (whole) return whole;
      const constant = model.tensors[name];
      if (!constant) throw new RangeError(`the model has no ${name}`);
      const base = await readConstant(constant);
      const adapter = adapterOf(name);
      if (!adapter) return base;
      const scaled = { ...adapter, rank: config.loraRank, scale: config.loraAlpha / config.loraRank };
      return addLowRank(base, scaled, constant.spec.shape[0] as number);
    },
  };
}
