/** A LoRA adapter in PEFT's layout. */

import { basename, join } from 'node:path';
import type { BaseName } from '#core/jobs.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { loraNameA, loraNameB, loraTargets } from '../backbone/lora.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { cannotCarry } from './failures.ts';
import { copyBeside } from './modelFiles.ts';
import type { ExportSource } from './source.ts';

const PREFIX = 'base_model.model.';

/**
 * `adapter_config.json`, `adapter_model.safetensors` and what lies beside the base's weights, tokenizer and template above all;
 * `peft` applies α/r·B A as training did. Gives what to tell.
 */
export async function writePeft(
  source: ExportSource,
  folder: string,
  base: BaseName | undefined,
): Promise<string[]> {
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
    base_model_name_or_path: base?.name ?? basename(model.dir),
    revision: base?.revision ?? null,
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
  await copyBeside(model.dir, folder, config);
  if (base !== undefined) return [];
  return [
    `Which hub the base model came from isn't known here: \`adapter_config.json\` names its folder alone, ${basename(model.dir)}. Export again with its \`owner/name\` or path (\`--base\`), or write that as \`base_model_name_or_path\`, for AutoPeftModelForCausalLM to find it.`,
  ];
}
