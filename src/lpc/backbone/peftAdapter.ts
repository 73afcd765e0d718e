/** Reads a LoRA adapter as PEFT saves it. */
import { join } from 'node:path';
import { isFloatDtype } from '#compute/stored/encodeFloats.ts';
import type { LowRank } from '#compute/stored/lowRank.ts';
import { FacetError } from '#core/result.ts';
import { fileExists, isJsonObject, type JsonObject, readJsonObject } from './files.ts';
import { openTensorFile, readConstant, type TensorFile } from './safetensorsRead.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
const TENSOR = /^base_model\.model\.(.+)\.lora_([AB])(?:\.default)?\.weight$/;
/** Starts that move the model's own weights too, so that the adapter alone is not what was trained. */
const MOVES_BASE = /^(pissa|olora|corda|loftq|lora_ga)/i;

/** Settings of LoRA's relatives, and of weights that train beside it. */
const MORE_THAN_LORA = [
  'use_dora',
  'use_qalora',
  'use_bdlora',
  'kasa_config',
  'velora_config',
  'monteclora_config',
  'arrow_config',
  'alora_invocation_tokens',
  'layer_replication',
  'target_parameters',
  'modules_to_save',
  'fan_in_fan_out',
  'trainable_token_indices',
  'lora_bias',
] as const;

function unsupported(dir: string, field: string, message: string): FacetError {
  return new FacetError({
    code: 'start.unsupported-adapter',
    message: `The adapter in ${dir} can't be read: ${message}.`,
    fix: 'Choose a plain LoRA adapter, or merge it into its model, in Python: AutoPeftModelForCausalLM.from_pretrained(ADAPTER).merge_and_unload().save_pretrained(FOLDER), and add that folder as a model.',
    where: { file: join(dir, ADAPTER_CONFIG), field },
  });
}

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

/** Everything that would make the adapter more than α/r·B A. */
function requirePlain(config: JsonObject, dir: string): void {
  const { peft_type: type, bias, init_lora_weights: init } = config;
  if (type !== 'LORA') throw unsupported(dir, 'peft_type', `its type is ${JSON.stringify(type)}, not LORA`);
  if (isSet(bias) && bias !== 'none') throw unsupported(dir, 'bias', 'it trains biases');
  if (typeof init === 'string' && MOVES_BASE.test(init))
    throw unsupported(
      dir,
      'init_lora_weights',
      `it began by "${init}", which changes the model's own weights`,
    );
  for (const field of MORE_THAN_LORA)
    if (isSet(config[field])) throw unsupported(dir, field, `${field} is set`);
}

/** A number of the config for a module: that of the pattern which its name ends in, else the usual one. */
function ofModule(config: JsonObject, dir: string, module: string, usual: string, pattern: string): number {
  const named = isJsonObject(config[pattern]) ? config[pattern] : {};
  const key = Object.keys(named).find((name) => {
    if (!/^[\w.]+$/.test(name)) throw unsupported(dir, pattern, `${pattern} has the expression "${name}"`);
    return module === name || module.endsWith(`.${name}`);
  });
  const value = key === undefined ? config[usual] : named[key];
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw unsupported(dir, usual, `${usual} is ${JSON.stringify(value) ?? 'absent'}, not a positive number`);
}

async function matricesOf(file: TensorFile, dir: string) {
  const found = new Map<
    string,
    Partial<Record<'A' | 'B', { shape: readonly number[]; data: Float32Array }>>
  >();
  for (const { name, shape, offset, bytes, dtype } of file.entries.values()) {
    const [, module, which] = TENSOR.exec(name) ?? [];
    if (module === undefined || !isFloatDtype(dtype) || shape.length !== 2)
      throw unsupported(dir, name, `${name} (${dtype}) is none of LoRA's matrices`);
    const source = { kind: 'file', path: file.path, offset, bytes, dtype } as const;
    const data = await readConstant({ spec: { shape, dtype: 'float32' }, source });
    found.set(module, { ...found.get(module), [which as 'A' | 'B']: { shape, data } });
  }
  return found;
}

/** Its products by module, e.g. `model.layers.0.self_attn.q_proj`. Throws `start.…`, `model.…`. */
export async function readPeftAdapter(dir: string): Promise<Map<string, LowRank>> {
  const config = await readJsonObject(join(dir, ADAPTER_CONFIG));
  if (config === null) throw unsupported(dir, 'file', `${ADAPTER_CONFIG} is missing`);
  requirePlain(config, dir);
  if (!(await fileExists(join(dir, WEIGHTS))))
    throw unsupported(
      dir,
      'file',
      `${WEIGHTS} is missing; an adapter_model.bin is a pickle, which is never read`,
    );
  const products = new Map<string, LowRank>();
  for (const [module, { A, B }] of await matricesOf(await openTensorFile(join(dir, WEIGHTS)), dir)) {
    const rank = A?.shape[0];
    if (A === undefined || B === undefined || B.shape[1] !== rank || rank === undefined)
      throw unsupported(dir, module, `the two matrices of ${module} don't belong together`);
    const alpha = ofModule(config, dir, module, 'lora_alpha', 'alpha_pattern');
    // Stated too, and told from the matrices: a file of another adapter is noticed.
    if (ofModule(config, dir, module, 'r', 'rank_pattern') !== rank)
      throw unsupported(dir, 'r', `${module} has the rank ${rank}, and the config says another`);
    const scale = alpha / (config.use_rslora === true ? Math.sqrt(rank) : rank);
    products.set(module, { a: A.data, b: B.data, rank, scale });
  }
  if (products.size === 0) throw unsupported(dir, 'file', 'it adapts nothing');
  return products;
}
