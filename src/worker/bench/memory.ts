/** Estimates of memory against measured runs: models × trainable sets × token budgets, a process for each. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TRAINABLE, type Trainable } from '#core/runConfig.ts';
import type { MemoryCase, MemoryFigures } from './memoryCase.ts';
import { writeRandomModel } from './randomModel.ts';
import { type BenchSize, REFERENCE } from './reference.ts';

interface MemoryRow extends MemoryFigures {
  readonly model: string;
  readonly trainable: Trainable;
  readonly tokenBudget: number;
  readonly recompute: boolean;
  /** (estimated − measured) / measured. */
  readonly error: number;
}

export interface MemoryBench {
  /** Largest |error|. */
  readonly worstError: number;
  readonly rows: readonly MemoryRow[];
}

export interface MemoryBenchOptions {
  readonly storiesDir: string;
  readonly starterDir: string;
  readonly onProgress: (text: string) => void;
}

/** About 23 million parameters, half of them in the embedding of 32,768 tokens. */
const LARGE: BenchSize = {
  hiddenSize: 384,
  layers: 6,
  heads: 6,
  feedForward: 1024,
  vocabulary: 32_768,
  tokens: 0,
};
const BUDGETS = [256, 1024, 2048];
const CASE = fileURLToPath(new URL('./memoryCase.ts', import.meta.url));

async function runCase(measured: MemoryCase): Promise<MemoryFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [CASE, JSON.stringify(measured)]);
  return JSON.parse(stdout) as MemoryFigures;
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

export async function benchMemory(options: MemoryBenchOptions): Promise<MemoryBench> {
  const { storiesDir, starterDir, onProgress } = options;
  const root = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    const models: [string, string][] = [['starter', starterDir]];
    if (existsSync(storiesDir)) models.unshift(['stories260K', storiesDir]);
    for (const [name, size] of [['reference', REFERENCE] as const, ['large', LARGE] as const]) {
      await writeRandomModel(join(root, name), size, starterDir);
      models.push([name, join(root, name)]);
    }
    const rows: MemoryRow[] = [];
    const add = async (model: string, modelDir: string, config: MemoryCase['config']): Promise<void> => {
      const figures = await runCase({ modelDir, config });
      const error = figures.estimatedBytes / figures.measuredBytes - 1;
      const { trainable = 'lora', tokenBudget = 0, recompute = false } = config;
      rows.push({ model, trainable, tokenBudget, recompute, ...figures, error });
      onProgress(
        `${model}, ${trainable}, ${tokenBudget} tokens${recompute ? ', recomputed' : ''}: measured ${mib(figures.measuredBytes)}, estimated ${mib(figures.estimatedBytes)} (${(100 * error).toFixed(0)} %)`,
      );
    };
    for (const [model, dir] of models) {
      for (const trainable of TRAINABLE) {
        for (const tokenBudget of BUDGETS) await add(model, dir, { trainable, tokenBudget });
      }
    }
    const [name, dir] = models.at(-1) as [string, string];
    await add(name, dir, { trainable: 'lora', tokenBudget: 1024, recompute: true });
    return { worstError: Math.max(...rows.map(({ error }) => Math.abs(error))), rows };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
