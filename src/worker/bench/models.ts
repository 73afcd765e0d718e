/** What frozen weights in fewer bits cost and give: the same model in 32, 16, 8 and 4 bits, trained and asked. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { constantBytes } from '#compute/index.ts';
import type { WeightsChoice } from '#core/runConfig.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { readConstant } from '#lpc/backbone/safetensorsRead.ts';
import { writeSafetensors } from '#lpc/backbone/safetensorsWrite.ts';
import { modelTexts } from '#lpc/gguf/place.ts';
import { openModel } from '#lpc/train/prepare.ts';
import type { LearningFigures, ModelCase, SpeedFigures } from './modelsCase.ts';
import { requireFile } from './ownRun.ts';
import { readBenchPairs } from './pairs.ts';
import { median } from './trainer.ts';

export interface ModelsOptions {
  readonly modelDir: string;
  readonly dataFile: string;
  readonly tokenBudget: number;
  readonly steps: number;
  readonly onProgress: (text: string) => void;
}

interface WeightFigures {
  /** Frozen weights in memory. */
  readonly weightBytes: number;
  /** Most resident memory of a process that trains LoRA over them, pages mapped from files included. */
  readonly peakBytes: number;
  readonly pairsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
  /** Largest distance of a step's loss from that of 32 bits. */
  readonly lossGap: number;
}

export interface ModelsBench {
  readonly loraPeakGb: number;
  readonly fourBitBytesRatio: number;
  readonly fourBitPairsRatio: number;
  readonly q8LossGap: number;
  readonly fourBitDecodeGain: number;
  readonly tokenBudget: number;
  readonly steps: number;
  readonly weights: Readonly<Record<string, WeightFigures>>;
}

/** Enough for every step; all are encoded in each process. */
const MOST_PAIRS = 400;
const TEXTS = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'];

/** The model in 32 bits, its weights as `weights` rounds them. */
async function writeWide(modelDir: string, folder: string, weights: WeightsChoice): Promise<string> {
  await mkdir(folder);
  const read = await modelTexts(modelDir);
  for (const name of TEXTS) {
    const text = await read(join(modelDir, name));
    if (text !== null) await writeFileAtomic(join(folder, name), [text]);
  }
  const { model } = await openModel(modelDir, { weights });
  const tensors = Object.entries(model.tensors).map(([name, constant]) => [
    name,
    { shape: constant.spec.shape, data: () => readConstant(constant) },
  ]);
  await writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(tensors));
  return folder;
}

const CASE = fileURLToPath(new URL('./modelsCase.ts', import.meta.url));
async function inProcess<Figures>(measured: ModelCase): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [CASE, JSON.stringify(measured)]);
  return JSON.parse(stdout) as Figures;
}

const largestGap = (left: readonly number[], right: readonly number[]): number =>
  Math.max(...left.map((loss, step) => Math.abs(loss - (right[step] ?? Number.NaN))));

const overTurns = (left: readonly number[], right: readonly number[]): number =>
  median(left.map((value, turn) => value / (right[turn] ?? Number.NaN)));

/**
 * Losses and memory in a process for each kind of weights; speeds in one process, by turns. Needs twice the model's bytes in 32
 * bits on the disk for the while.
 */
export async function benchModels(options: ModelsOptions): Promise<ModelsBench> {
  const { modelDir, dataFile, tokenBudget, steps, onProgress } = options;
  requireFile(modelDir, 'model');
  requireFile(dataFile, 'pair file');
  const root = await mkdtemp(join(tmpdir(), 'facet-bench-models-'));
  try {
    const datasetPath = join(root, 'pairs.jsonl');
    await writeJsonLines(datasetPath, readBenchPairs(dataFile).slice(0, MOST_PAIRS));
    const wide = await writeWide(modelDir, join(root, 'wide'), 'as-stored');
    const wideEight = await writeWide(modelDir, join(root, 'wide-8bit'), '8bit');
    const kinds = [
      { name: '32bit', modelDir: wide, weights: 'as-stored' },
      { name: 'as-stored', modelDir, weights: 'as-stored' },
      { name: '8bit', modelDir, weights: '8bit' },
      { name: '4bit', modelDir, weights: '4bit' },
    ] as const;
    const shared = { root, datasetPath, tokenBudget, steps };
    const learning: Record<string, LearningFigures> = {};
    for (const kind of [
      ...kinds,
      { name: 'wide-8bit', modelDir: wideEight, weights: 'as-stored' as const },
    ]) {
      const figures = await inProcess<LearningFigures>({ part: 'learning', kinds: [kind], ...shared });
      learning[kind.name] = figures;
      onProgress(
        `${kind.name}: peak ${(figures.peakBytes / 1e9).toFixed(2)} GB, loss ${figures.losses.at(-1)?.toFixed(5)} after ${steps} steps`,
      );
    }
    const speeds = await inProcess<SpeedFigures>({ part: 'speed', kinds, ...shared });
    const losses = (name: string) => learning[name]?.losses ?? [];
    const weights: Record<string, WeightFigures> = {};
    for (const { name, ...kind } of kinds) {
      const { model } = await openModel(kind.modelDir, { weights: kind.weights });
      const stepMs = median(speeds.stepMs[name] ?? []);
      weights[name] = {
        weightBytes: constantBytes('onnx-cpu', model.tensors),
        peakBytes: learning[name]?.peakBytes ?? Number.NaN,
        pairsPerSecond: (1000 * speeds.pairsPerStep) / stepMs,
        tokensPerSecond: (1000 * speeds.tokensPerStep) / stepMs,
        decodeTokensPerSecond: 1000 / median(speeds.decodeMs[name] ?? []),
        lossGap: largestGap(losses(name), losses('32bit')),
      };
    }
    const bytes = (name: string): number => weights[name]?.weightBytes ?? Number.NaN;
    return {
      loraPeakGb: (learning['as-stored']?.peakBytes ?? Number.NaN) / 1e9,
      fourBitBytesRatio: bytes('4bit') / bytes('32bit'),
      fourBitPairsRatio: overTurns(speeds.stepMs['32bit'] ?? [], speeds.stepMs['4bit'] ?? []),
      q8LossGap: largestGap(losses('8bit'), losses('wide-8bit')),
      fourBitDecodeGain: overTurns(speeds.decodeMs['as-stored'] ?? [], speeds.decodeMs['4bit'] ?? []),
      tokenBudget,
      steps,
      weights,
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
