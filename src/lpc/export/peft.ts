/** A LoRA adapter in PEFT's layout. */

import { basename, join } from 'node:path';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { loraNameA, loraNameB, loraTargets } from '../backbone/lora.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { cannotCarry } from './failures.ts';
import type { ExportSource } from './source.ts';

const PREFIX = 'base_model.model.';

/** `adapter_config.json` and `adapter_model.safetensors`; `peft` applies α/r·B A as training did. */
export async function writePeft(source: ExportSource, folder: string): Promise<void> {
  const { config, model, checkpoint } = source;
  if (config.trainable !== 'lora') {
    throw cannotCarry(
      'This run trained no LoRA adapter.',
      config.trainable === 'full'
        ? 'Export the merged folder instead.'
        : 'Export the codebook or the ONNX policy instead.',
    );
  }
  const tensors: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  const modules = new Set<string>();
  for (const { target, inSize, outSize } of loraTargets(model.config)) {
    const a = checkpoint.trained[loraNameA(target)]?.data;
    const b = checkpoint.trained[loraNameB(target)]?.data;
    if (!(a instanceof Float32Array && b instanceof Float32Array)) continue;
    modules.add(target.slice(target.lastIndexOf('.') + 1));
    tensors[`${PREFIX}${target}.lora_A.weight`] = { shape: [config.loraRank, inSize], data: a };
    tensors[`${PREFIX}${target}.lora_B.weight`] = { shape: [outSize, config.loraRank], data: b };
  }
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors);
  const adapter = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: basename(model.dir),
    r: config.loraRank,
    lora_alpha: config.loraAlpha,
    lora_dropout: config.loraDropout,
    target_modules: [...modules].sort(),
    bias: 'none',
    fan_in_fan_out: false,
    use_rslora: false,
    inference_mode: true,
  };
  await writeFileAtomic(join(folder, 'adapter_config.json'), [`${JSON.stringify(adapter, null, 2)}\n`]);
}
