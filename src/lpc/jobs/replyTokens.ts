/** A reply token by token, by a policy that need not have written it. */
import type { ReplyTokensJob, ReplyTokensResult } from '#core/jobs.ts';
import { FacetError } from '#core/result.ts';
import { latentsOf } from '../generate/codes.ts';
import { pieceTexts } from '../tokens/pieceTexts.ts';
import { encodePrompt } from './generate.ts';
import { leaseGenerator } from './warm.ts';

/** Throws `reply-tokens.unknown`, `reply-tokens.too-long`, `generate.…`, `checkpoint.…`, `model.…`, `compute.…`. */
export async function replyTokensJob(job: ReplyTokensJob): Promise<ReplyTokensResult> {
  const { messages, ids, codes, seed, sample, maxTokens } = job;
  const { generator, release } = await leaseGenerator(job.modelDir, job.checkpointDir, job.engine);
  try {
    const { tokenizer, model } = generator;
    const reply = Int32Array.from(ids);
    if (reply.some((id) => id < 0 || id >= tokenizer.vocabulary))
      throw new FacetError({
        code: 'reply-tokens.unknown',
        message: 'The reply has tokens that this model does not know: it has another tokenizer.',
        fix: 'Compare policies of the same model.',
      });
    const cutAs = { ...generator, run: generator.run ?? job.cutAs };
    const prompt = encodePrompt(cutAs, { id: 'typed', messages }, maxTokens);
    if (prompt.length + reply.length > model.config.contextLength + 1)
      throw new FacetError({
        code: 'reply-tokens.too-long',
        message: 'Prompt and reply together are longer than this model’s context.',
        fix: 'Draw a shorter reply.',
      });
    const logps = await generator.alone(async () => {
      if (generator.run?.latent == null) return generator.replyLogps(prompt, reply, null);
      const { promptState } = await generator.prefill(prompt, null);
      const { z } = await latentsOf(generator, promptState, [{ codes, seed, sample }]);
      return generator.replyLogps(prompt, reply, z[0] ?? null);
    });
    // Read on from the prompt, as they were drawn.
    const texts = pieceTexts(tokenizer, [...prompt, ...reply]).slice(prompt.length);
    return { tokens: texts.map((text, place) => ({ text, logp: logps[place] as number })) };
  } finally {
    await release();
  }
}
