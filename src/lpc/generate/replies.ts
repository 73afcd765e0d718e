/** Replies to prompts, drawn side by side. */
import type { CodeChoice, Sampling } from '#core/generation.ts';
import type { GeneratedReply } from '#core/jobs.ts';
import { breathe } from '../train/phases.ts';
import { Batch, type BatchRow } from './batch.ts';
import { latentsOf } from './codes.ts';
import type { Generator } from './generator.ts';
import { ReplyText } from './replyText.ts';
import { nextToken } from './sampling.ts';

/** An eager engine blocks the process for the length of a step; messages are let through this often. */
const BREATHE_EVERY_MS = 30;

export interface ReplyRequest {
  /** Ids of the prompt; at least one, and fewer than the context holds. */
  readonly prompt: Int32Array;
  readonly sampling: Sampling;
  readonly codes: CodeChoice;
  /** Numbers the replies of a request: noise is keyed by it and the seed. */
  readonly sample: number;
}

export interface Drawn {
  readonly replies: readonly GeneratedReply[];
  /** Ids drawn for each reply, the one that ended it included. */
  readonly ids: readonly Int32Array[];
  /** p(z|x) of each reply's prompt; null without a codebook. */
  readonly priors: readonly (Float32Array | null)[];
  /** From the start to the first token. */
  readonly timeToFirstTokenMs: number;
  /** From the first token to the end. */
  readonly decodeMs: number;
}

/** One reply under way. */
class Reply {
  readonly request: ReplyRequest;
  readonly text: ReplyText;
  readonly seen: Set<number>;
  readonly ids: number[] = [];
  readonly mostTokens: number;
  logp = 0;
  finish: GeneratedReply['finish'] | null = null;

  constructor(generator: Generator, request: ReplyRequest) {
    const { prompt, sampling } = request;
    this.request = request;
    this.text = new ReplyText(generator.tokenizer, sampling.stop);
    this.seen = new Set(prompt);
    this.mostTokens = Math.min(
      sampling.maxTokens,
      Math.max(1, generator.model.config.contextLength - prompt.length),
    );
  }

  /** Draws the next token; gives the text to show. */
  take(logits: Float32Array, firstLogp: number, stops: ReadonlySet<number>): string {
    const { sampling, sample } = this.request;
    const key = { seed: sampling.seed, sample, step: this.ids.length };
    const logTotal = (logits[0] as number) - firstLogp;
    const { token, logp } = nextToken(logits, sampling, this.seen, key, logTotal);
    this.ids.push(token);
    this.seen.add(token);
    this.logp += logp;
    if (stops.has(token)) return this.end('stop');
    const { text, stopped } = this.text.push(token);
    if (stopped) this.finish = 'stop';
    else if (this.ids.length >= this.mostTokens) return text + this.end('length');
    return text;
  }

  end(finish: GeneratedReply['finish']): string {
    this.finish = finish;
    return this.text.finish();
  }

  result(): GeneratedReply {
    return {
      text: this.text.text,
      tokens: this.ids.length,
      finish: this.finish ?? 'stopped',
      logp: this.logp,
    };
  }
}

/** Reads each prompt once (once a z where z enters the blocks). */
async function readPrompts(
  generator: Generator,
  requests: readonly ReplyRequest[],
): Promise<{ rows: BatchRow[]; priors: (Float32Array | null)[] }> {
  const groups = new Map<string, number[]>();
  for (const [index, { prompt }] of requests.entries()) {
    const key = prompt.join();
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  const rows: BatchRow[] = [];
  const priors: (Float32Array | null)[] = [];
  const throughBlocks = generator.run?.latent?.injection === 'layers';
  for (const members of groups.values()) {
    const { prompt } = requests[members[0] as number] as ReplyRequest;
    const plain = await generator.prefill(prompt, null);
    const asked = members.map((index) => {
      const { codes, sampling, sample } = requests[index] as ReplyRequest;
      return { codes, seed: sampling.seed, sample };
    });
    const { z, prior } = await latentsOf(generator, plain.promptState, asked);
    const caches = new Map([['', plain.cache]]);
    for (const [place, index] of members.entries()) {
      const own = z[place] ?? null;
      const key = throughBlocks && own?.some((value) => value !== 0) ? own.join() : '';
      const cache = caches.get(key) ?? (await generator.prefill(prompt, own)).cache;
      caches.set(key, cache);
      rows[index] = { prompt, cache, z: own };
      priors[index] = prior;
    }
  }
  return { rows, priors };
}

/**
 * Draws a reply to each request, all at once. `onTexts` hears after a step what replies gained, whole characters only, by
 * the request's place. A stop keeps what is there.
 * Throws `generate.wrong-codes`, `compute.…`.
 */
export function drawReplies(
  generator: Generator,
  requests: readonly ReplyRequest[],
  onTexts: (texts: ReadonlyMap<number, string>) => void,
  stop: AbortSignal,
): Promise<Drawn> {
  return generator.alone(async () => {
    const startedMs = performance.now();
    const { rows, priors } = await readPrompts(generator, requests);
    const replies = requests.map((request) => new Reply(generator, request));
    const mostTokens = replies.reduce((most, reply) => Math.max(most, reply.mostTokens), 0);
    let batch = await Batch.open(generator, rows, mostTokens);
    for (const [row, { prompt }] of rows.entries()) batch.setToken(row, prompt.at(-1) as number);
    const vocabulary = generator.model.config.vocabulary;
    let firstMs = Number.NaN;
    let breathedMs = startedMs;
    while (replies.some(({ finish }) => finish === null)) {
      if (stop.aborted) break;
      const stepped = await batch.step((row) => replies[row]?.finish === null);
      batch = stepped.batch;
      const texts = new Map<number, string>();
      for (const [row, reply] of replies.entries()) {
        if (reply.finish !== null) continue;
        const logits = stepped.logits.subarray(row * vocabulary, (row + 1) * vocabulary);
        const text = reply.take(logits, stepped.firstLogp[row] as number, generator.stops);
        batch.setToken(row, reply.ids.at(-1) as number);
        if (text !== '') texts.set(row, text);
      }
      if (texts.size > 0) onTexts(texts);
      const nowMs = performance.now();
      if (Number.isNaN(firstMs)) firstMs = nowMs;
      if (nowMs - breathedMs >= BREATHE_EVERY_MS) {
        await breathe();
        breathedMs = nowMs;
      }
    }
    const last = new Map<number, string>();
    for (const [row, reply] of replies.entries()) {
      if (reply.finish !== null) continue;
      const text = reply.end('stopped');
      if (text !== '') last.set(row, text);
    }
    if (last.size > 0) onTexts(last);
    const endedMs = performance.now();
    return {
      replies: replies.map((reply) => reply.result()),
      ids: replies.map(({ ids }) => Int32Array.from(ids)),
      priors,
      timeToFirstTokenMs: (Number.isNaN(firstMs) ? endedMs : firstMs) - startedMs,
      decodeMs: Number.isNaN(firstMs) ? 0 : endedMs - firstMs,
    };
  });
}
