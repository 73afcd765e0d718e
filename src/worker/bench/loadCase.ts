/** One measurement in a process of its own: opens a model for heads-only training and takes a few real steps. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { train } from '#lpc/train/train.ts';

export interface LoadFigures {
  /** Most resident memory from the start to the end of the first step, pages mapped from files included. */
  readonly peakBytes: number;
  /** From the start of the process to the end of the first step. */
  readonly seconds: number;
  /** Resident memory after each phase, MiB. */
  readonly phases: Readonly<Record<string, number>>;
}

/** The default objective, reference included. */
const CONFIG: RunConfig = {
  ...DEFAULT_RUN,
  trainable: 'heads',
  steps: 8,
  warmupSteps: 0,
  evaluateEvery: 0,
  tokenBudget: 512,
  engine: 'onnx-cpu',
};

const pairs = Array.from({ length: 8 }, (_, index) => ({
  id: String(index),
  promptId: String(index),
  source: 'bench',
  aspect: null,
  messages: [{ role: 'user', content: `How do I bake bread number ${index} in a small oven?` }],
  chosen: `Warm the oven first, then let dough number ${index} rise under a cloth for an hour.`,
  rejected: `I would rather not say how number ${index} is made.`,
}));

async function measure(modelDir: string): Promise<LoadFigures> {
  const root = await mkdtemp(join(tmpdir(), 'facet-load-'));
  try {
    const datasetPath = join(root, 'pairs.jsonl');
    await writeJsonLines(datasetPath, pairs);
    const job = {
      kind: 'train',
      config: CONFIG,
      modelDir,
      datasetPath,
      runDir: join(root, 'run'),
      cacheDir: join(root, 'cache'),
    } as const;
    const frames = train(job, new AbortController().signal);
    const phases: Record<string, number> = {};
    for await (const frame of frames) {
      const name = frame.type === 'phase' ? `${frame.phase} ${frame.done}/${frame.total}` : frame.type;
      phases[name] = Math.round(process.memoryUsage.rss() / 2 ** 20);
      if (frame.type !== 'step') continue;
      // Kibibytes on every system, in Node's account.
      return { peakBytes: process.resourceUsage().maxRSS * 1024, seconds: performance.now() / 1000, phases };
    }
    throw new Error('the run ended without a step');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

process.stdout.write(JSON.stringify(await measure(process.argv[2] ?? '')));
