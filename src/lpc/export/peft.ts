/** A LoRA adapter in PEFT's layout. */

import { basename, join } from 'node:path';
import type { BaseName } from '#core/jobs.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { adapterOf } from './adapter.ts';
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
  const { config, model } = source;
  const { rank, alpha, modules, notes } = adapterOf(
    source,
    config.trainable === 'full'
      ? 'Export the merged folder instead.'
      : 'Export the codebook or the ONNX policy instead.',
  );
  const tensors = Object.fromEntries(
    modules.flatMap(({ target, inSize, outSize, a, b }) => [
      [`${PREFIX}${target}.lora_A.weight`, { shape: [rank, inSize], data: a }],
      [`${PREFIX}${target}.lora_B.weight`, { shape: [outSize, rank], data: b }],
    ]),
  );
  const named = new Set(modules.map(({ target }) => target.slice(target.lastIndexOf('.') + 1)));
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors);
  const adapter = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base?.name ?? basename(model.dir),
    revision: base?.revision ?? null,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: config.loraDropout,
    target_modules: [...named].sort(),
    bias: 'none',
    fan_in_fan_out: false,
    use_rslora: false,
    inference_mode: true,
  };
  await writeFileAtomic(join(folder, 'adapter_config.json'), [`${JSON.stringify(adapter, null, 2)}\n`]);
  await copyBeside(model.dir, folder, config);
  if (base !== undefined) return [...notes];
  return [
    ...notes,
    `Which hub the base model came from isn't known here: \`adapter_config.json\` names its folder alone, ${basename(model.dir)}. Export again with its \`owner/name\` or path (\`--base\`), or write that as \`base_model_name_or_path\`, for AutoPeftModelForCausalLM to find it.`,
  ];
}
