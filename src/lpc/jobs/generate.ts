/** Replies of a policy: to one prompt, streamed, and to a file of prompts. */
import type { CodeChoice, Sampling } from '#core/generation.ts';
import type {
  GeneratedReply,
  GenerateJob,
  GenerateManyJob,
  GenerateManyResult,
  GenerateResult,
} from '#core/jobs.ts';
import type { Message } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { MOST_ROWS } from '../generate/batch.ts';
import type { Generator } from '../generate/generator.ts';
import { drawReplies, type ReplyRequest } from '../generate/replies.ts';
import { encodePromptOnly } from '../packing/encode.ts';
import { readPrompts } from '../train/dataset.ts';
import { phase } from '../train/phases.ts';
import { encodeLimits } from '../train/prepare.ts';
import { ReplyFile } from './replyFile.ts';
import { leaseGenerator } from './warm.ts';

/** No more than 30 text frames a second, whatever the number of replies. */
const MS_PER_TEXT_FRAME = 34;
/** Rows of a batch over many prompts: the weights are read once for all of them. */
const BATCH_ROWS = 16;

type OnFrame = (frame: RunFrame) => void;

/**
 * A prompt as training saw it: same template, same cut. The base model, which saw none, takes what its context holds.
 * Of the context as much as is asked for, but no more than half, is kept for the reply.
 */
export function encodePrompt(
  { tokenizer, model, run }: Pick<Generator, 'tokenizer' | 'model' | 'run'>,
  prompt: { readonly id: string; readonly messages: readonly Message[] },
  maxTokens: number,
): Int32Array {
  const { contextLength } = model.config;
  const room = Math.min(maxTokens, contextLength >> 1);
  const whole = { maxPromptTokens: contextLength, tokenBudget: contextLength };
  const limits = { ...encodeLimits(run ?? DEFAULT_RUN, model), ...(run === null && whole) };
  return encodePromptOnly(tokenizer, prompt, { ...limits, contextLength: contextLength - room }).prompt;
}

function requireReplies(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_ROWS) return;
  throw new FacetError({
    code: 'generate.wrong-samples',
    message: `${count} replies to a prompt were asked for.`,
    fix: `Ask for 1 to ${MOST_ROWS}.`,
    where: { field: 'samples' },
  });
}

/** Gathers what replies gain and passes it on in few frames. */
class TextFrames {
  readonly #onFrame: OnFrame;
  readonly #pending = new Map<number, string>();
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  add(texts: ReadonlyMap<number, string>): void {
    for (const [sample, text] of texts) this.#pending.set(sample, (this.#pending.get(sample) ?? '') + text);
    if (performance.now() >= this.#nextMs) this.flush();
  }

  flush(): void {
    this.#nextMs = performance.now() + MS_PER_TEXT_FRAME * this.#pending.size;
    for (const [sample, text] of this.#pending) this.#onFrame({ type: 'text', sample, text });
    this.#pending.clear();
  }
}

/** Replies to one prompt; a stop keeps what is there. Throws `generate.…`, `checkpoint.…`, `model.…`, `compute.…`. */
export async function generateJob(
  job: GenerateJob,
  onFrame: OnFrame,
  stop: AbortSignal,
): Promise<GenerateResult> {
  requireReplies(job.samples);
  onFrame(phase('load', 0, 1));
  const { generator, release } = await leaseGenerator(job.modelDir, job.checkpointDir, job.engine);
  try {
    onFrame(generator.engineFrame);
    onFrame(phase('load', 1, 1));
    const { sampling, codes, messages } = job;
    const prompt = encodePrompt(generator, { id: 'typed', messages }, sampling.maxTokens);
    const requests = Array.from({ length: job.samples }, (_, sample) => ({
      prompt,
      sampling,
      codes,
      sample,
    }));
    const frames = new TextFrames(onFrame);
    const drawn = await drawReplies(generator, requests, (texts) => frames.add(texts), stop);
    frames.flush();
    const tokens = drawn.replies.reduce((sum, reply) => sum + reply.tokens, 0);
    const prior = drawn.priors[0];
    return {
      replies: drawn.replies,
      ids: drawn.ids.map((ids) => [...ids]),
      promptTokens: prompt.length,
      weights: prior ? [...prior] : null,
      // The first token of each reply belongs to the time before it.
      tokensPerSecond: drawn.decodeMs > 0 ? (1000 * Math.max(0, tokens - job.samples)) / drawn.decodeMs : 0,
      timeToFirstTokenMs: drawn.timeToFirstTokenMs,
    };
  } finally {
    await release();
  }
}

interface Variant {
  readonly sampling: Sampling;
  readonly codes: CodeChoice;
}

const requestsOf = (prompt: Int32Array, variants: readonly Variant[]): ReplyRequest[] =>
  variants.map(({ sampling, codes }, sample) => ({ prompt, sampling, codes, sample }));

/**
 * One reply a variant to each prompt of a file; prompts whose replies are there are left out. A stop drops the batch
 * under way and keeps those before. Throws as `generateJob`, and `dataset.…`.
 */
export async function generateManyJob(
  job: GenerateManyJob,
  onFrame: OnFrame,
  stop: AbortSignal,
): Promise<GenerateManyResult> {
  requireReplies(job.variants.length);
  const prompts = await readPrompts(job.promptsPath);
  const { generator, release } = await leaseGenerator(job.modelDir, job.checkpointDir, job.engine);
  try {
    onFrame(generator.engineFrame);
    const file = await ReplyFile.open(job.outputPath);
    try {
      const open = prompts.filter(({ id }) => !file.ids.has(id));
      const before = prompts.length - open.length;
      const together = Math.max(1, Math.floor(BATCH_ROWS / job.variants.length));
      const maxTokens = job.variants.reduce((most, { sampling }) => Math.max(most, sampling.maxTokens), 0);
      let done = before;
      onFrame(phase('generate', done, prompts.length));
      for (let first = 0; first < open.length && !stop.aborted; first += together) {
        const batch = open.slice(first, first + together);
        const requests = batch.flatMap((prompt) =>
          requestsOf(encodePrompt(generator, prompt, maxTokens), job.variants),
        );
        const { replies } = await drawReplies(generator, requests, () => undefined, stop);
        if (stop.aborted) break;
        const count = job.variants.length;
        const repliesOf = (place: number): GeneratedReply[] =>
          replies.slice(place * count, (place + 1) * count);
        await file.append(batch.map(({ id }, place) => ({ id, replies: repliesOf(place) })));
        done += batch.length;
        onFrame(phase('generate', done, prompts.length));
      }
      return { prompts: done, stopped: done < prompts.length, outputPath: job.outputPath };
    } finally {
      await file.close();
    }
  } finally {
    await release();
  }
}
