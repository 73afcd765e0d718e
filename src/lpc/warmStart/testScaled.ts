/** For tests: random-weight models of any width whose hidden states and vocabulary are scaled at will. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrainJob } from '#core/jobs.ts';
import type { PreferencePair } from '#core/preference.ts';
import { ROBUST_RUN } from '#core/presets.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { parseConfig } from '../backbone/config.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { initialWeights } from '../pretrain/initialWeights.ts';
import { configJson } from '../pretrain/starterConfig.ts';

const starter = fileURLToPath(new URL('../../../resources/starter', import.meta.url));
const VOCABULARY = 1536;
/** Of the plain LM head: logits that are a hundred times as large still leave every word about as likely, so it is one policy. */
const PLAIN_HEAD = 0.08;

export interface Scales {
  readonly width: number;
  /** Factor of the hidden states after the final norm. */
  readonly hidden: number;
  /** Factor of the LM head. */
  readonly vocabulary: number;
}

/** A model folder with the starter's tokenizer and random weights; one seed, so that only the scales differ. */
export async function scaledModel(folder: string, { width, hidden, vocabulary }: Scales): Promise<string> {
  const dir = join(folder, `model-${width}-${hidden}-${vocabulary}`);
  await mkdir(dir, { recursive: true });
  const shape = {
    vocabulary: VOCABULARY,
    hiddenSize: width,
    intermediateSize: 128,
    layers: 1,
    heads: 4,
    keyValueHeads: 2,
    contextLength: 512,
  };
  // Little besides the width costs anything: of a random model it is what matters here.
  const config = { ...configJson(shape), head_dim: 16, tie_word_embeddings: false, torch_dtype: 'float32' };
  const weights = initialWeights(parseConfig(config, 'config.json'), 3);
  const factorOf = (name: string): number =>
    name === 'model.norm.weight'
      ? hidden
      : name === 'lm_head.weight'
        ? (vocabulary * PLAIN_HEAD) / Math.sqrt(width)
        : 1;
  const tensors = Object.entries(weights).map(([name, { spec, data }]) => [
    name,
    { shape: spec.shape, data: Float32Array.from(data, (value) => value * factorOf(name)) },
  ]);
  await writeSafetensors(join(dir, 'model.safetensors'), Object.fromEntries(tensors));
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await cp(join(starter, name), join(dir, name));
  return dir;
}

/** The robust preset in little: short rows, a quick search, heads alone. */
export const SMALL_ROBUST: RunConfig = {
  ...ROBUST_RUN,
  trainable: 'heads',
  steps: 20,
  warmupSteps: 5,
  tokenBudget: 256,
  evaluateEvery: 0,
  heldOutShare: 0.1,
  engine: 'onnx-cpu',
  latent: ROBUST_RUN.latent && { ...ROBUST_RUN.latent, codes: 6, warmStartRestarts: 1 },
};

export async function jobFor(
  folder: string,
  modelDir: string,
  pairs: readonly PreferencePair[],
  config: RunConfig,
): Promise<TrainJob> {
  await mkdir(folder, { recursive: true });
  const datasetPath = join(folder, 'pairs.jsonl');
  await writeFile(datasetPath, pairs.map((pair) => JSON.stringify(pair)).join('\n'));
  return {
    kind: 'train',
    config,
    modelDir,
    datasetPath,
    runDir: join(folder, 'run'),
    cacheDir: join(folder, 'cache'),
  };
}
