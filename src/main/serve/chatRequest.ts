/** What `/v1/chat/completions` takes: OpenAI's fields, as far as a policy here knows them, and weights of codes beside them. */
import { z } from 'zod';
import { type CodeChoice, DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { type Message, ROLES } from '#core/preference.ts';
import { samplingSchema } from '#shared/policyEntities.ts';

const MOST_CHOICES = 16;
const textPart = z.object({ type: z.literal('text'), text: z.string() });
const messageSchema = z.object({
  role: z.enum(ROLES),
  content: z.union([z.string(), z.array(textPart).min(1)]),
  name: z.string().optional(),
});
const { maxTokens, temperature, topK, topP, minP, repetitionPenalty, seed } = samplingSchema.shape;
const weight = z.number().min(0).max(1e6);

export const chatRequestSchema = z.object({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1).max(1000),
  max_tokens: maxTokens.nullish(),
  max_completion_tokens: maxTokens.nullish(),
  temperature: temperature.nullish(),
  top_p: topP.nullish(),
  n: z.number().int().min(1).max(MOST_CHOICES).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
  seed: seed.nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  // Beyond OpenAI's.
  top_k: topK.nullish(),
  min_p: minP.nullish(),
  repetition_penalty: repetitionPenalty.nullish(),
  /** z: the prior's, none, or weights by code: all of them in order, or `{"3": 1}` with 0 for the rest. */
  code_weights: z
    .union([
      z.literal('prior'),
      z.literal('none'),
      z.array(weight).min(1),
      z.record(z.string().regex(/^\d+$/), weight),
    ])
    .nullish(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

const isOff = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === 0 || value === 'none';
/** Fields that would change the replies, and are refused rather than passed over; with what leaves replies as they are. */
const UNKNOWN_HERE: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: (value) => isOff(value) || (Array.isArray(value) && value.length === 0),
  tool_choice: (value) => isOff(value) || value === 'auto',
  functions: isOff,
  response_format: (value) => isOff(value) || (value as { type?: unknown }).type === 'text',
  logprobs: isOff,
  frequency_penalty: isOff,
  presence_penalty: isOff,
  logit_bias: (value) => isOff(value) || Object.keys(value as object).length === 0,
  modalities: (value) => isOff(value) || JSON.stringify(value) === '["text"]',
  audio: isOff,
};
export const unknownField = (body: object): string | null =>
  Object.entries(UNKNOWN_HERE).find(
    ([name, isLeft]) => !isLeft((body as Record<string, unknown>)[name]),
  )?.[0] ?? null;

export const messagesOf = ({ messages }: ChatRequest): Message[] =>
  messages.map(({ role, content, name }) => ({
    role,
    content: typeof content === 'string' ? content : content.map(({ text }) => text).join(''),
    ...(name === undefined ? {} : { name }),
  }));

/** OpenAI's defaults of temperature and nucleus; a seed of its own for each request without one. */
export const samplingOf = (asked: ChatRequest): Sampling => ({
  maxTokens: asked.max_completion_tokens ?? asked.max_tokens ?? DEFAULT_SAMPLING.maxTokens,
  temperature: asked.temperature ?? 1,
  topP: asked.top_p ?? 1,
  topK: asked.top_k ?? 0,
  minP: asked.min_p ?? 0,
  repetitionPenalty: asked.repetition_penalty ?? 1,
  stop: typeof asked.stop === 'string' ? [asked.stop] : (asked.stop ?? []),
  seed: asked.seed ?? Math.floor(Math.random() * 0x1_0000_0000),
});

/** `codes`: K of the run, null without codes. Null where the weights fit no run of so many codes. */
export function codesChosen(
  { code_weights: given }: ChatRequest,
  codes: number | null,
  hasLatent: boolean,
): CodeChoice | null {
  if (given === undefined || given === null) return { mode: hasLatent ? 'prior' : 'none' };
  if (given === 'none') return { mode: 'none' };
  if (given === 'prior') return hasLatent ? { mode: 'prior' } : null;
  if (codes === null) return null;
  const weights = Array.isArray(given)
    ? given
    : Array.from({ length: codes }, (_, code) => given[String(code)] ?? 0);
  const known = Array.isArray(given) || Object.keys(given).every((code) => Number(code) < codes);
  const total = weights.reduce((sum, value) => sum + value, 0);
  return weights.length === codes && known && total > 0 ? { mode: 'weights', weights } : null;
}
