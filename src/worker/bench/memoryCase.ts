/** One measurement in a process of its own: a short run of the real training loop, and the most memory it ever held. */

import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomSource } from '#core/random.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { encodePair } from '#lpc/packing/encode.ts';
import { chooseShape } from '#lpc/packing/shape.ts';
import { readPairs } from '#lpc/train/dataset.ts';
import { peakBytes } from '#lpc/train/memory.ts';
import { encodeLimits, openModel } from '#lpc/train/prepare.ts';
import { train } from '#lpc/train/train.ts';

export interface MemoryCase {
  readonly modelDir: string;
  readonly config: Partial<RunConfig>;
}

const WORDS =
  'we can bring some bread and tell the child a short story about red clouds over quiet water'.split(' ');
const TRAINING_ROWS = 3;
const SHORTEST_PAIR_TOKENS = 60;

/** Pairs of random words: more than a few rows hold. */
function pairsFor(tokens: number): string {
  const random = randomSource({ seed: 1, stream: 'bench.memory', counter: 0 });
  const text = (words: number): string =>
    Array.from({ length: words }, () => WORDS[Math.floor(random.uniform() * WORDS.length)]).join(' ');
  const count = Math.ceil((TRAINING_ROWS * tokens) / SHORTEST_PAIR_TOKENS);
  const rows = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    promptId: String(index),
    source: 'random',
    aspect: null,
    messages: [{ role: 'user', content: text(24) }],
    chosen: text(18),
    rejected: text(18),
  }));
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

export interface MemoryFigures {
  /**
   * The most that was held at any frame of the run, each page once: two sessions that map the same weights share them,
   * which the resident size counts twice. Where the system doesn't tell, the largest resident size.
   */
  readonly measuredBytes: number;
  readonly residentBytes: number;
  readonly estimatedBytes: number;
}

/**
 * Resident memory of this process, a part of a file that is mapped more than once counted once; 0 where the system
 * doesn't tell.
 */
function heldBytes(): number {
  const file = '/proc/self/smaps';
  if (!existsSync(file)) return 0;
  const largest = new Map<string, number>();
  let mapping = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const header = /^([0-9a-f]+-[0-9a-f]+) \S+ ([0-9a-f]+) \S+ (\d+)\s*(.*)$/.exec(line);
    if (header) mapping = header[3] === '0' ? (header[1] ?? '') : `${header[4]}@${header[2]}`;
    const kibibytes = /^Rss:\s+(\d+) kB$/.exec(line)?.[1];
    if (kibibytes) largest.set(mapping, Math.max(largest.get(mapping) ?? 0, Number(kibibytes)));
  }
  return 1024 * [...largest.values()].reduce((sum, size) => sum + size, 0);
}

async function estimated(modelDir: string, datasetPath: string, config: RunConfig): Promise<number> {
  const { model, tokenizer } = await openModel(modelDir);
  const pairs = await readPairs(datasetPath);
  const limits = encodeLimits(config, model);
  const encoded = pairs.map((pair) => encodePair(tokenizer, pair, limits));
  const shape = chooseShape(encoded, config.tokenBudget);
  return peakBytes({ config, model, shape, pairs: encoded });
}

async function measure({ modelDir, config }: MemoryCase): Promise<MemoryFigures> {
  const root = await mkdtemp(join(tmpdir(), 'facet-memory-'));
  const full: RunConfig = { ...DEFAULT_RUN, steps: 4, evaluateEvery: 2, engine: 'onnx-cpu', ...config };
  try {
    const datasetPath = join(root, 'pairs.jsonl');
    await writeFileAtomic(datasetPath, [pairsFor(full.tokenBudget)]);
    const frames = train(
      {
        kind: 'train',
        config: full,
        modelDir,
        datasetPath,
        runDir: join(root, 'run'),
        cacheDir: join(root, 'cache'),
      },
      new AbortController().signal,
    );
    let measuredBytes = 0;
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      measuredBytes = Math.max(measuredBytes, heldBytes());
    }
    // Kibibytes on every system, in Node's account.
    const residentBytes = process.resourceUsage().maxRSS * 1024;
    const estimatedBytes = await estimated(modelDir, datasetPath, full);
    return { measuredBytes: measuredBytes || residentBytes, residentBytes, estimatedBytes };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '{}') as MemoryCase)));
