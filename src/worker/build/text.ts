/** Text of the sample world as token documents. */
import { type SampleExchange, sampleText } from '#core/sample/pairs.ts';
import { encodePrompt, encodeReply } from '#lpc/tokens/template.ts';
import type { Tokenizer } from '#lpc/tokens/tokenizer.ts';

export const TEXT_SEEDS = { tokenizer: 100, training: 101, heldOut: 102 } as const;
const BATCH = 1000;

/** As training and generation see them: the chat template's prompt, the reply, the end of the turn. */
export function encodeExchange(tokenizer: Tokenizer, { prompt, reply }: SampleExchange): number[] {
  const opening = encodePrompt(tokenizer, [{ role: 'user', content: prompt }]);
  return [...opening, ...encodeReply(tokenizer, reply)];
}

/** Without end, never the same batch twice. */
export function* trainingDocuments(tokenizer: Tokenizer): Generator<number[]> {
  for (let batch = 0; ; batch++)
    for (const exchange of sampleText(TEXT_SEEDS.training + 1000 * batch, BATCH))
      yield encodeExchange(tokenizer, exchange);
}

export const heldOutDocuments = (tokenizer: Tokenizer, count: number): number[][] =>
  sampleText(TEXT_SEEDS.heldOut, count).map((exchange) => encodeExchange(tokenizer, exchange));
