/** Preference pairs as token ids, cut to what a row and the model can hold. What is cut is counted, never hidden. */
import type { Message, PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { encodePrompt, encodeReply, encodeTurns } from '../tokens/template.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';

/** Tokens that were left out. */
interface TokensCut {
  readonly prompt: number;
  readonly chosen: number;
  readonly rejected: number;
}

export interface EncodedPair {
  readonly pairId: string;
  readonly promptId: string;
  /** At least one token. */
  readonly prompt: Int32Array;
  /**
   * Replies with their end-of-turn token, unless cut; both empty in a row that is read for its prompt alone, one where a reply has a
   * label of its own.
   */
  readonly chosen: Int32Array;
  readonly rejected: Int32Array;
  /** A reply to another prompt, which KTO measures its reference point with; absent elsewhere. */
  readonly unrelated?: Int32Array;
  readonly cut: TokensCut;
}

export interface EncodeLimits {
  readonly maxPromptTokens: number;
  readonly maxReplyTokens: number;
  /** Prompt and both replies together fit in it. */
  readonly tokenBudget: number;
  /** Prompt and either reply together fit in it. */
  readonly contextLength: number;
}

/** A prompt is not cut below this many tokens for the sake of long replies. */
const PROMPT_FLOOR = 32;

export const sameTokens = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

/** Tokens of all replies: what a row needs response slots for. */
export const replyTokens = ({ chosen, rejected, unrelated }: EncodedPair): number =>
  chosen.length + rejected.length + (unrelated?.length ?? 0);

export const encodedLength = (pair: EncodedPair): number => pair.prompt.length + replyTokens(pair);

/** Replies with a label: two of a pair, one of a label of its own. */
export const labelledReplies = ({ chosen, rejected }: Pick<EncodedPair, 'chosen' | 'rejected'>): number =>
  Math.sign(chosen.length) + Math.sign(rejected.length);

/** Whether two replies are compared, as against one with a label of its own. */
export const isPair = (pair: Pick<EncodedPair, 'chosen' | 'rejected'>): boolean =>
  labelledReplies(pair) === 2;

/** The newest `limit` tokens; a beginning-of-text token at the front stays there. */
export function keepNewest(ids: Int32Array, limit: number, bosId: number | null): Int32Array {
  if (ids.length <= limit) return ids;
  const keepsBos = bosId !== null && ids[0] === bosId && limit > 1;
  const kept = ids.slice(ids.length - limit);
  if (keepsBos) kept[0] = bosId;
  return kept;
}

/** Lengths of two replies that together fit in `room`: the longer one is cut first. */
function shareRoom(chosen: number, rejected: number, room: number): readonly [number, number] {
  if (chosen + rejected <= room) return [chosen, rejected];
  const half = Math.floor(room / 2);
  if (chosen <= half) return [chosen, room - chosen];
  if (rejected <= half) return [room - rejected, rejected];
  return [half, half];
}

/** Cuts prompt and replies to the limits. Replies lose their ends (and so their end-of-turn token), prompts their start. */
export function cutToLimits(
  ids: { readonly prompt: Int32Array; readonly chosen: Int32Array; readonly rejected: Int32Array },
  limits: EncodeLimits,
  bosId: number | null,
): Pick<EncodedPair, 'prompt' | 'chosen' | 'rejected' | 'cut'> {
  const { maxPromptTokens, maxReplyTokens, tokenBudget, contextLength } = limits;
  const wanted = Math.min(ids.prompt.length, maxPromptTokens);
  const floor = Math.max(
    1,
    Math.min(wanted, PROMPT_FLOOR, Math.floor(Math.min(tokenBudget, contextLength) / 4)),
  );
  const replyLimit = Math.min(maxReplyTokens, contextLength - floor);
  const [chosenLength, rejectedLength] = shareRoom(
    Math.min(ids.chosen.length, replyLimit),
    Math.min(ids.rejected.length, replyLimit),
    tokenBudget - floor,
  );
  const promptLimit = Math.min(
    maxPromptTokens,
    tokenBudget - chosenLength - rejectedLength,
    contextLength - Math.max(chosenLength, rejectedLength),
  );
  const prompt = keepNewest(ids.prompt, promptLimit, bosId);
  const chosen = ids.chosen.slice(0, chosenLength);
  const rejected = ids.rejected.slice(0, rejectedLength);
  return {
    prompt,
    chosen,
    rejected,
    cut: {
      prompt: ids.prompt.length - prompt.length,
      chosen: ids.chosen.length - chosen.length,
      rejected: ids.rejected.length - rejected.length,
    },
  };
}

function requirePrompt(prompt: Int32Array, field: string): void {
  if (prompt.length > 0) return;
  throw new FacetError({
    code: 'tokens.empty-prompt',
    message: `The prompt of "${field}" has no tokens under this model's chat template.`,
    fix: 'Give the prompt at least one message, or choose another model.',
    where: { field },
  });
}

/** Whether the model's chat template cannot write the pair; another pair it may. */
export const isTemplateFailure = (error: unknown): error is FacetError =>
  error instanceof FacetError && error.failure.code === 'tokens.template-failed';

const NAMED_LETTERS = 60;

/** What a template refuses is said with the pair, by its number and how its question begins. */
function namingPair<T>({ id, messages }: PreferencePair, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (!isTemplateFailure(error)) throw error;
    const asked = messages.find(({ role }) => role === 'user')?.content ?? '';
    const begins = asked.length > NAMED_LETTERS ? `${asked.slice(0, NAMED_LETTERS)}…` : asked;
    const { failure } = error;
    throw new FacetError(
      { ...failure, message: `Pair ${id} (“${begins}”): ${failure.message}` },
      { cause: error },
    );
  }
}

/** Throws `tokens.empty-prompt`, `tokens.template-failed` or `tokens.unknown-piece`. */
export function encodePair(tokenizer: Tokenizer, pair: PreferencePair, limits: EncodeLimits): EncodedPair {
  const ids = namingPair(pair, () => {
    const prompt = encodePrompt(tokenizer, pair.messages);
    requirePrompt(prompt, pair.id);
    const reply = (text: string, turns: readonly Message[] | undefined): Int32Array =>
      turns ? encodeTurns(tokenizer, pair.messages, turns) : encodeReply(tokenizer, text);
    const none = new Int32Array(0);
    return {
      prompt,
      chosen: pair.single === 'rejected' ? none : reply(pair.chosen, pair.chosenTurns),
      rejected: pair.single === 'chosen' ? none : reply(pair.rejected, pair.rejectedTurns),
    };
  });
  return { pairId: pair.id, promptId: pair.promptId, ...cutToLimits(ids, limits, tokenizer.bosId) };
}

/** A prompt without replies, for reading its codes. Throws as `encodePair`. */
export function encodePromptOnly(
  tokenizer: Tokenizer,
  prompt: { readonly id: string; readonly messages: readonly Message[] },
  limits: EncodeLimits,
): EncodedPair {
  const ids = encodePrompt(tokenizer, prompt.messages);
  requirePrompt(ids, prompt.id);
  const none = new Int32Array(0);
  return {
    pairId: prompt.id,
    promptId: prompt.id,
    ...cutToLimits({ prompt: ids, chosen: none, rejected: none }, limits, tokenizer.bosId),
  };
}

export interface CutSummary {
  readonly pairs: number;
  readonly pairsCut: number;
  readonly tokens: number;
  readonly tokensCut: number;
  /** For a person; null where nothing was cut. */
  readonly note: string | null;
}

export function summariseCuts(encoded: readonly EncodedPair[]): CutSummary {
  let pairsCut = 0;
  let tokens = 0;
  let tokensCut = 0;
  for (const pair of encoded) {
    const cut = pair.cut.prompt + pair.cut.chosen + pair.cut.rejected;
    if (cut > 0) pairsCut += 1;
    tokensCut += cut;
    tokens += encodedLength(pair);
  }
  const note =
    pairsCut === 0
      ? null
      : `${pairsCut} of ${encoded.length} pairs exceeded the limits and were cut, losing ` +
        `${tokensCut} of ${tokens + tokensCut} tokens. Raise the token budget or the longest prompt and reply to keep them.`;
  return { pairs: encoded.length, pairsCut, tokens, tokensCut, note };
}
