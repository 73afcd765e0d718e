/** The generation benchmark: decoding against what the machine could do at best, measured in the same run, in turns. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { randomSource } from '#core/random.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { writeSafetensors } from '#lpc/backbone/safetensorsWrite.ts';
import { weightSpecs } from '#lpc/backbone/weightNames.ts';
import { type Generator, openGenerator } from '#lpc/generate/generator.ts';
import { type Drawn, drawReplies } from '#lpc/generate/replies.ts';
import { openReader, type Reader } from './bandwidth.ts';
import { matmulPeak } from './flops.ts';
import { backboneOf, configJsonOf, REFERENCE, randomWeights } from './reference.ts';
import { makeTrainer, median } from './trainer.ts';

export interface GenerateBench {
  readonly stories260K: { readonly tokensPerSecond: number };
  readonly reference: {
    readonly tokensPerSecond: number;
    readonly fractionOfBound: number;
    readonly timeToFirstTokenMs: number;
    /** Over the time of a training step (all weights) on as many tokens. */
    readonly timeToFirstTokenOverStep: number;
  };
  /** Figures behind the ratios. */
  readonly measured: Readonly<Record<string, number | string>>;
}

const ROUNDS = 15;
const PROMPT_TOKENS = 128;
const REPLY_TOKENS = 64;
const BATCH = 4;
const BEYOND_CACHES_BYTES = 256 * 1024 ** 2;
const GREEDY: Sampling = { ...DEFAULT_SAMPLING, temperature: 0, maxTokens: REPLY_TOKENS };

/** Enough to open the folder: nothing is encoded here. */
const TOKENIZER = {
  version: '1.0',
  added_tokens: [{ id: 2, content: '</s>', special: true }],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab: { a: 1, '</s>': 2 }, merges: [] },
};

/** The reference model as a folder, with random weights. */
async function writeReference(dir: string): Promise<void> {
  const weights = randomWeights(backboneOf(REFERENCE), 1);
  const tensors = Object.entries(weights).map(([name, { spec, source }]) => [
    name,
    { shape: spec.shape, data: source.kind === 'data' ? source.data : null },
  ]);
  await writeSafetensors(join(dir, 'model.safetensors'), Object.fromEntries(tensors));
  await writeFileAtomic(join(dir, 'config.json'), [
    JSON.stringify({ ...configJsonOf(REFERENCE), eos_token_id: 2 }),
  ]);
  await writeFileAtomic(join(dir, 'tokenizer.json'), [JSON.stringify(TOKENIZER)]);
  await writeFileAtomic(join(dir, 'tokenizer_config.json'), ['{"eos_token": "</s>"}']);
}

function randomPrompt(tokens: number, vocabulary: number, counter: number): Int32Array {
  const random = randomSource({ seed: 1, stream: 'bench.prompt', counter });
  return Int32Array.from({ length: tokens }, () => random.integer(vocabulary));
}

/** Replies of full length: no token ends one. */
function reply(generator: Generator, prompt: Int32Array, sampling: Sampling, rows = 1): Promise<Drawn> {
  const endless = { ...generator, stops: new Set<number>() };
  const requests = Array.from({ length: rows }, (_, sample) => ({
    prompt,
    sampling,
    codes: { mode: 'none' as const },
    sample,
  }));
  return drawReplies(endless, requests, () => undefined, new AbortController().signal);
}

const msPerToken = ({ decodeMs, replies }: Drawn): number => decodeMs / ((replies[0]?.tokens ?? 1) - 1);

async function benchStories(modelDir: string): Promise<number> {
  const generator = await openGenerator(modelDir, null, 'onnx-cpu');
  try {
    const prompt = generator.tokenizer.encode('Once upon a time');
    const sampling = { ...GREEDY, maxTokens: 200 };
    const times: number[] = [];
    for (let round = 0; round < 8; round++) {
      const drawn = await reply(generator, prompt, sampling);
      if (round > 0) times.push(msPerToken(drawn));
    }
    return 1000 / median(times);
  } finally {
    await generator.dispose();
  }
}

/** Bytes that one token asks for at the least: each matrix once, and the keys and values before it. */
function bytesPerToken(): { weights: number; cache: number } {
  const config = backboneOf(REFERENCE);
  const sizes = Object.values(weightSpecs(config)).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const before = PROMPT_TOKENS + REPLY_TOKENS / 2;
  return {
    // Embeddings are tied: the table is read once, as the LM head.
    weights: 4 * sizes.reduce((sum, size) => sum + size, 0),
    cache: 4 * before * config.layers * 2 * config.keyValueHeads * config.headSize,
  };
}

/** Milliseconds of this process's processor time, all threads together: other processes hardly change it. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface Decoding {
  readonly ms: number;
  readonly batchMs: number;
  readonly fraction: number;
  readonly bytesPerSecond: number;
  readonly boundMs: number;
  /** Which way of reading beyond the caches was the faster. */
  readonly reader: string;
  /** The same against the fastest way of reading as many bytes again and again, which caches may hold. */
  readonly cacheFraction: number;
  readonly cacheBoundMs: number;
  /** Least processor time of a token, and of reading as many bytes by one thread. */
  readonly processorMs: number;
  readonly processorReadMs: number;
}

/** Decoding and reading take turns, so that both see the same machine. */
async function benchDecoding(
  generator: Generator,
  readers: readonly Reader[],
  peak: number,
): Promise<Decoding> {
  const { weights, cache } = bytesPerToken();
  const vocabulary = REFERENCE.vocabulary;
  // Two operations a weight, and as many for each value of the cache.
  const computeMs = (1000 * 2 * (weights + cache)) / 4 / peak;
  const rounds: { ms: number; batchMs: number; rates: number[]; busyMs: number; readMs: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const prompt = randomPrompt(PROMPT_TOKENS, vocabulary, round);
    const ms = msPerToken(await reply(generator, prompt, GREEDY));
    const batchMs = msPerToken(await reply(generator, prompt, GREEDY, BATCH)) / BATCH;
    const first = await processorMs(() => reply(generator, prompt, { ...GREEDY, maxTokens: 1 }));
    const whole = await processorMs(() => reply(generator, prompt, GREEDY));
    const busyMs = (whole - first) / (REPLY_TOKENS - 1);
    let readMs = Number.POSITIVE_INFINITY;
    const rates: number[] = [];
    // As many bytes as the reply read, so that both last about as long: other work then slows both alike.
    for (const reader of readers) {
      const used = await processorMs(async () => {
        rates.push(await reader.bytesPerSecond(REPLY_TOKENS * (weights + cache)));
      });
      if (reader.threads === 1) readMs = Math.min(readMs, used / REPLY_TOKENS);
    }
    // The first round compiles and warms up.
    if (round > 0) rounds.push({ ms, batchMs, rates, busyMs, readMs });
  }
  const ratesOf = (reader: number): number[] => rounds.map(({ rates }) => rates[reader] as number);
  const medians = readers.map((_, reader) => median(ratesOf(reader)));
  const fastestOf = (fromMemory: boolean): number =>
    medians.indexOf(Math.max(...medians.filter((_, reader) => readers[reader]?.fromMemory === fromMemory)));
  const fastest = fastestOf(true);
  const cached = fastestOf(false);
  const boundMs = (rate: number): number => Math.max((1000 * (weights + cache)) / rate, computeMs);
  return {
    ms: median(rounds.map(({ ms }) => ms)),
    batchMs: median(rounds.map(({ batchMs }) => batchMs)),
    fraction: median(rounds.map(({ ms, rates }) => boundMs(rates[fastest] as number) / ms)),
    cacheFraction: median(rounds.map(({ ms, rates }) => boundMs(rates[cached] as number) / ms)),
    cacheBoundMs: boundMs(medians[cached] as number),
    bytesPerSecond: medians[fastest] as number,
    boundMs: boundMs(medians[fastest] as number),
    reader: readers[fastest]?.name ?? '',
    processorMs: Math.min(...rounds.map(({ busyMs }) => busyMs)),
    processorReadMs: Math.min(...rounds.map(({ readMs }) => readMs)),
  };
}

/** First token of a prompt as long as a training step's row, and that step, in turns. */
async function benchFirstToken(generator: Generator): Promise<{ ms: number; overStep: number }> {
  const trainer = await makeTrainer('onnx-cpu', REFERENCE, 'full');
  try {
    const times: number[] = [];
    const shares: number[] = [];
    for (let round = 0; round < 9; round++) {
      const prompt = randomPrompt(REFERENCE.tokens, REFERENCE.vocabulary, 1000 + round);
      const { timeToFirstTokenMs } = await reply(generator, prompt, { ...GREEDY, maxTokens: 2 });
      const startedMs = performance.now();
      await trainer.step(round % 4);
      const stepMs = performance.now() - startedMs;
      if (round < 2) continue;
      times.push(timeToFirstTokenMs);
      shares.push(timeToFirstTokenMs / stepMs);
    }
    return { ms: median(times), overStep: median(shares) };
  } finally {
    await trainer.dispose();
  }
}

export async function benchGenerate(
  modelDir: string,
  onProgress: (text: string) => void,
): Promise<GenerateBench> {
  const stories = await benchStories(modelDir);
  onProgress(`stories260K: ${stories.toFixed(0)} tokens/s`);
  const dir = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  try {
    await writeReference(dir);
    const peak = await matmulPeak(10);
    const generator = await openGenerator(dir, null, 'onnx-cpu');
    const { weights, cache } = bytesPerToken();
    const readers = [
      await openReader('as many bytes, one thread', weights + cache, 1),
      await openReader('as many bytes, two threads', weights + cache, 2),
      await openReader('beyond the caches, one thread', BEYOND_CACHES_BYTES, 1, true),
      await openReader('beyond the caches, two threads', BEYOND_CACHES_BYTES, 2, true),
    ];
    try {
      const decoding = await benchDecoding(generator, readers, peak);
      onProgress(
        `reference: ${(1000 / decoding.ms).toFixed(0)} tokens/s, ${decoding.fraction.toFixed(2)} of the bound`,
      );
      for (const reader of readers.splice(0)) await reader.dispose();
      const first = await benchFirstToken(generator);
      onProgress(`first token: ${first.ms.toFixed(0)} ms, ${first.overStep.toFixed(2)} steps`);
      const memoryMs = (1000 * (weights + cache)) / decoding.bytesPerSecond;
      return {
        stories260K: { tokensPerSecond: stories },
        reference: {
          tokensPerSecond: 1000 / decoding.ms,
          fractionOfBound: decoding.fraction,
          timeToFirstTokenMs: first.ms,
          timeToFirstTokenOverStep: first.overStep,
        },
        measured: {
          bound: decoding.boundMs > memoryMs * 1.001 ? 'compute' : 'memory',
          boundMs: decoding.boundMs,
          boundReader: decoding.reader,
          cacheBoundMs: decoding.cacheBoundMs,
          fractionOfCacheBound: decoding.cacheFraction,
          msPerToken: decoding.ms,
          bytesPerToken: weights + cache,
          gigabytesPerSecond: decoding.bytesPerSecond / 1e9,
          processorMsPerToken: decoding.processorMs,
          processorMsToReadAsMuch: decoding.processorReadMs,
          fractionOfBoundByProcessorTime: decoding.processorReadMs / decoding.processorMs,
          gflops: peak / 1e9,
          promptTokens: PROMPT_TOKENS,
          replyTokens: REPLY_TOKENS,
          firstTokenPromptTokens: REFERENCE.tokens,
          [`tokensPerSecondOf${BATCH}`]: 1000 / decoding.batchMs,
        },
      };
    } finally {
      for (const reader of readers) await reader.dispose();
      await generator.dispose();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
