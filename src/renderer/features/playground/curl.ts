/** A lane's request as a line for the shell, to `facet serve`. Pure. */
import type { Message } from '#core/preference.ts';
import type { LanePlan } from './lanes.ts';
import type { CheckedSampling } from './samplingDraft.ts';

/** Within single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `origin`: where `facet serve` answers. The token is left to the shell, so that it stands in no history. */
export function curlOf(
  { policy: { modelId, runId, checkpoint }, codes }: Pick<LanePlan, 'policy' | 'codes'>,
  messages: readonly Message[],
  { sampling, samples }: NonNullable<CheckedSampling['request']>,
  origin: string,
): string {
  const { maxTokens, temperature, topP, topK, minP, repetitionPenalty, stop, seed } = sampling;
  const body = {
    model: runId === null ? `model:${modelId}` : `run:${runId}${checkpoint === 'best' ? ':best' : ''}`,
    messages,
    ...{ max_tokens: maxTokens, temperature, top_p: topP, n: samples, seed },
    ...(stop.length > 0 ? { stop } : {}),
    ...{ top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty },
    ...(runId === null ? {} : { code_weights: codes.mode === 'weights' ? codes.weights : codes.mode }),
  };
  return [
    `curl ${origin}/v1/chat/completions`,
    `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}
