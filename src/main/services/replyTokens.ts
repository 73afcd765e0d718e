/** A reply's tokens under the policy that wrote it and under another: log-probabilities and rewards. */
import type { ReplyToken } from '#core/jobs.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { ReplyTokens } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import type { ModelService } from './modelService.ts';
import type { CurrentProject } from './OpenProject.ts';
import { chosenPolicy } from './policyChoice.ts';

type Asked = Inputs['playground']['replyTokens'];
type ByPolicy = ReplyTokens['tokens'][number]['own'];

/** Texts differ where the other model splits words in another way: then no token has a counterpart. */
function requireSameTokens(own: readonly ReplyToken[], other: readonly ReplyToken[]): void {
  if (own.every(({ text }, place) => text === other[place]?.text)) return;
  throw new FacetError({
    code: 'playground.other-tokens',
    message:
      'The two models split text into different tokens, so there is nothing to compare token by token.',
    fix: 'Compare runs of one model, or look at log-probabilities alone.',
  });
}

/**
 * The reward of a token is β·(log π − log π_ref), π_ref the model that the run compared with, or began as; so is that of runs whose
 * objective reads no reference. Throws `playground.other-tokens`, `models.…`, `runs.…`, `reply-tokens.…`.
 */
export const replyTokens =
  (current: CurrentProject, compute: ComputeClient, models: ModelService) =>
  async ({ own, other, messages, ids, ...draw }: Asked, signal?: AbortSignal): Promise<ReplyTokens> => {
    const project = current.require();
    const read = async (
      place: { readonly modelDir: string; readonly checkpointDir: string | null },
      asked: Pick<Asked['own'], 'codes' | 'runId'>,
    ): Promise<readonly ReplyToken[]> => {
      const config = asked.runId === null ? null : project.runs.get(asked.runId).config;
      const job = {
        kind: 'reply-tokens',
        ...place,
        ...{ messages, ids, codes: asked.codes, ...draw },
        ...{ cutAs: config, engine: config?.engine ?? 'auto' },
      } as const;
      return unwrap(await compute.run<'reply-tokens'>(job, { ...(signal && { stop: signal }) })).tokens;
    };
    const of = async (
      asked: Asked['own'],
    ): Promise<{ readonly tokens: readonly ReplyToken[]; readonly by: readonly ByPolicy[] }> => {
      const { modelDir, checkpointDir } = chosenPolicy(project, models, asked);
      const tokens = await read({ modelDir, checkpointDir }, asked);
      if (asked.runId === null) return { tokens, by: tokens.map(({ logp }) => ({ logp, reward: 0 })) };
      const { beta, referenceModel } = project.runs.get(asked.runId).config;
      const base = { modelDir: referenceModel ?? modelDir, checkpointDir: null };
      const began = await read(base, { ...asked, codes: { mode: 'none' } });
      return {
        tokens,
        by: tokens.map(({ logp }, at) => ({ logp, reward: beta * (logp - (began[at]?.logp ?? logp)) })),
      };
    };
    const first = await of(own);
    const second = other && (await of(other));
    if (second) requireSameTokens(first.tokens, second.tokens);
    return {
      tokens: first.tokens.map(({ text }, at) => ({
        text,
        own: first.by[at] as ByPolicy,
        other: second?.by[at] ?? null,
      })),
    };
  };
