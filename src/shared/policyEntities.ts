/** What crosses between renderer and main of a policy at work: replies, tokens, exports, downloads. */

import { z } from 'zod';
import type { CodeChoice, Sampling } from '#core/generation.ts';
import { EXPORT_FORMATS, EXPORT_TYPES } from '#core/jobs.ts';
import { checkpointKindSchema, failureSchema, messageSchema } from './entities.ts';

/** How tokens are drawn. Greedy where `temperature` is 0. */
export const samplingSchema = z.object({
  maxTokens: z.number().int().min(1).max(32_768),
  temperature: z.number().min(0).max(10),
  /** 0 is off. */
  topK: z.number().int().min(0),
  /** 1 is off. */
  topP: z.number().gt(0).max(1),
  /** Share of the likeliest token's probability below which a token is left out; 0 is off. */
  minP: z.number().min(0).lt(1),
  /** 1 is off. */
  repetitionPenalty: z.number().min(0.1).max(10),
  stop: z.array(z.string().min(1)).max(16).readonly(),
  seed: z.number().int().min(0).max(0xffffffff),
}) satisfies z.ZodType<Sampling>;
/** z of a generation: none (the policy without z), the prior's, or weights chosen by a person (K values, sum 1). */
export const codeChoiceSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('none') }),
  z.object({ mode: z.literal('prior') }),
  z.object({ mode: z.literal('weights'), weights: z.array(z.number().min(0)).readonly() }),
]) satisfies z.ZodType<CodeChoice>;
export const generatedReplySchema = z.object({
  text: z.string(),
  tokens: z.number(),
  /** `stop`: end of turn or a stop string; `length`: maxTokens or the context's end; `stopped`: by the person. */
  finish: z.enum(['stop', 'length', 'stopped']),
  /** Sum of the drawn tokens' log-probabilities under the policy, before temperature and cuts. */
  logp: z.number(),
});
export const generationFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), text: z.string() }),
  /** Text added to one of the replies. */
  z.object({ type: z.literal('text'), sample: z.number(), text: z.string() }),
  z.object({
    type: z.literal('done'),
    replies: z.array(generatedReplySchema).readonly(),
    /** Tokens drawn for each reply, the one that ended it included. */
    ids: z.array(z.array(z.number().int()).readonly()).readonly(),
    promptTokens: z.number(),
    /** p(z|x) of the prompt; null without a latent. */
    weights: z.array(z.number()).readonly().nullable(),
    tokensPerSecond: z.number(),
    timeToFirstTokenMs: z.number(),
  }),
]);
/** `runId` null is the base model `modelId`; with a run, its own model counts, and its last checkpoint unless another is named. */
export const policyChoiceSchema = z.object({
  modelId: z.number().int(),
  runId: z.number().int().nullable(),
  checkpoint: checkpointKindSchema.optional(),
});

/** A policy as it answered: with the codes of its lane. */
const answeringSchema = policyChoiceSchema.extend({ codes: codeChoiceSchema });
export const replyTokensAskSchema = z.object({
  own: answeringSchema,
  /** What it is compared with; null for its own base alone. */
  other: answeringSchema.nullable(),
  messages: z.array(messageSchema).min(1),
  ids: z.array(z.number().int().min(0)).min(1).max(32_768),
  seed: samplingSchema.shape.seed,
  sample: z.number().int().min(0).max(15),
  maxTokens: samplingSchema.shape.maxTokens,
});
/** One token of a reply: log π(y_t|x, y_<t, z) in nats, and β·(log π − log π of what the run began as), 0 of a base model. */
const byPolicySchema = z.object({ logp: z.number(), reward: z.number() });
export const replyTokensSchema = z.object({
  tokens: z
    .array(z.object({ text: z.string(), own: byPolicySchema, other: byPolicySchema.nullable() }))
    .readonly(),
});

export const newPairsFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number(), text: z.string() }),
  z.object({
    type: z.literal('done'),
    pairs: z.number(),
    identical: z.number(),
    sourceId: z.number().int().nullable(),
  }),
]);

const tokenPieceSchema = z.object({
  id: z.number().int(),
  text: z.string(),
  /** Counts in the loss. */
  trained: z.boolean(),
});
export const tokenViewSchema = z.object({
  prompt: z.array(tokenPieceSchema).readonly(),
  /** The replies as they are stored, which says nothing of any label. */
  a: z.array(tokenPieceSchema).readonly(),
  b: z.array(tokenPieceSchema).readonly(),
  /** Tokens cut from the prompt's start and from the ends of the replies. */
  promptCut: z.number(),
  aCut: z.number(),
  bCut: z.number(),
});
export const exportFormatSchema = z.enum(EXPORT_FORMATS);
export const exportTypeSchema = z.enum(EXPORT_TYPES);
export const exportResultSchema = z.object({
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })).readonly(),
  /** What a reader must know, e.g. that a merged folder can't carry z. */
  notes: z.array(z.string()).readonly(),
});
export const downloadSchema = z.object({
  id: z.number().int(),
  repo: z.string(),
  revision: z.string(),
  /** Where it goes: a model folder once it is done. */
  folder: z.string(),
  state: z.enum(['running', 'paused', 'failed', 'checking', 'done']),
  bytesDone: z.number(),
  bytesTotal: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  /** File under way. */
  file: z.string().nullable(),
  failure: failureSchema.nullable(),
  /** The model it became. */
  modelId: z.number().int().nullable(),
});
export const hubSettingsSchema = z.object({
  endpoint: z.string(),
  proxy: z.string().nullable(),
  folder: z.string(),
  /** A token is kept in the system's key store and never leaves it for the page. */
  hasToken: z.boolean(),
  /** Null where the system has a key store; else why a token can't be kept. */
  tokenProblem: z.string().nullable(),
});

export type GenerationFrame = z.infer<typeof generationFrameSchema>;
export type NewPairsFrame = z.infer<typeof newPairsFrameSchema>;
export type PolicyChoice = z.infer<typeof policyChoiceSchema>;
export type GeneratedReply = z.infer<typeof generatedReplySchema>;
export type ReplyTokens = z.infer<typeof replyTokensSchema>;
export type TokenView = z.infer<typeof tokenViewSchema>;
export type ExportFormat = z.infer<typeof exportFormatSchema>;
export type ExportResult = z.infer<typeof exportResultSchema>;
export type Download = z.infer<typeof downloadSchema>;
export type HubSettings = z.infer<typeof hubSettingsSchema>;
