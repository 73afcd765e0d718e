/** A pair as training sees it: every token, what counts in the loss, what was cut. */
import type { TokenPiece, TokensJob, TokensResult } from '#core/jobs.ts';
import { encodePair } from '../packing/encode.ts';
import { pieceTexts } from '../tokens/pieceTexts.ts';
import { encodeLimits, openModel } from '../train/prepare.ts';

export async function tokensJob(job: TokensJob): Promise<TokensResult> {
  const { model, tokenizer } = await openModel(job.modelDir, job.config);
  const { messages, chosen, rejected, chosenTurns, rejectedTurns } = job;
  const texts = { messages, chosen, rejected, chosenTurns, rejectedTurns };
  const pair = { id: 'shown', promptId: 'shown', ...texts, source: '', aspect: null };
  const encoded = encodePair(tokenizer, pair, encodeLimits(job.config, model));
  const reply = encoded.prompt.length;
  /** Pieces of a reply read on from the prompt, as they do in training. */
  const piecesOf = (ids: Int32Array): TokenPiece[] => {
    const texts = pieceTexts(tokenizer, [...encoded.prompt, ...ids]);
    return Array.from(ids, (id, place) => ({ id, text: texts[reply + place] ?? '', trained: true }));
  };
  const promptTexts = pieceTexts(tokenizer, encoded.prompt);
  return {
    prompt: Array.from(encoded.prompt, (id, place) => ({
      id,
      text: promptTexts[place] ?? '',
      trained: false,
    })),
    chosen: piecesOf(encoded.chosen),
    rejected: piecesOf(encoded.rejected),
    promptCut: encoded.cut.prompt,
    chosenCut: encoded.cut.chosen,
    rejectedCut: encoded.cut.rejected,
  };
}
