import { codeUsage, massByGroup, strongestCodes } from '#core/codebook.ts';
import { codeKeywords } from '#core/codebookKeywords.ts';
import { codebookVerdict } from '#core/codebookVerdict.ts';
import { orderBySimilarity } from '#core/codeSimilarity.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { normalizedMutualInformation } from '#core/statistics.ts';
import type { CodesOverview } from '#shared/entities.ts';
import type { StoredCodes } from '../data/storedCodes.ts';

/** `texts`: what people say in each prompt. */
export function overviewOf(
  { runId, step, codes, sources, weights, evidence }: StoredCodes,
  texts: readonly string[],
  config: RunConfig,
): Omit<CodesOverview, 'causes'> {
  const usage = codeUsage(weights, codes);
  const { message, fix } = codebookVerdict(usage, config);
  const keywords = codeKeywords(texts, weights, codes);
  const living = usage.share.map((_, code) => code).filter((code) => !usage.dead.includes(code));
  // Dead ones are noise: they stand last.
  const alike = [...orderBySimilarity(weights, codes, living), ...usage.dead];
  return {
    runId,
    step,
    codes,
    prompts: usage.prompts,
    perplexity: usage.perplexity,
    meanPromptEntropy: usage.meanPromptEntropy,
    topShare: usage.topShare,
    dead: usage.dead.length,
    nmiSource: normalizedMutualInformation([...strongestCodes(weights, codes)], sources),
    evidence,
    warning: message === null ? null : [message, fix].filter(Boolean).join(' '),
    summaries: usage.share.map((share, code) => ({
      code,
      share,
      first: usage.first[code] as number,
      dead: usage.dead.includes(code),
      alike: alike.indexOf(code),
      sources: massByGroup(weights, codes, code, sources).map(({ group, share: part }) => ({
        source: group,
        share: part,
      })),
      keywords: keywords[code] ?? [],
    })),
  };
}
