/** Packing figures on a file of real pairs. */

import { type EncodedPair, encodePair } from '#lpc/packing/encode.ts';
import { packingFigures, packRows } from '#lpc/packing/pack.ts';
import { chooseShape } from '#lpc/packing/shape.ts';
import { openModel } from '#lpc/train/prepare.ts';
import { readBenchPairs } from './pairs.ts';

export interface PackingResult {
  /** Rows without sharing, each reply with a prompt of its own and packed as well, over rows with sharing. */
  readonly prefixSharingGain: number;
  /** Share of the rows' tokens that are padding. */
  readonly padWaste: number;
  readonly pairs: number;
  readonly rows: number;
}

const EMPTY = new Int32Array(0);

/** Each reply alone with its prompt: what training without a shared prefix would pack. */
const unshared = (pairs: readonly EncodedPair[]): EncodedPair[] =>
  pairs.flatMap((pair) => [
    { ...pair, pairId: `${pair.pairId}.chosen`, rejected: EMPTY },
    { ...pair, pairId: `${pair.pairId}.rejected`, chosen: pair.rejected, rejected: EMPTY },
  ]);

export async function benchPacking(
  modelDir: string,
  dataFile: string,
  tokenBudget: number,
): Promise<PackingResult> {
  const { tokenizer } = await openModel(modelDir);
  const limits = { maxPromptTokens: 1024, maxReplyTokens: 512, tokenBudget, contextLength: 4096 };
  const encoded = readBenchPairs(dataFile).map((pair) => encodePair(tokenizer, pair, limits));
  const key = { seed: 1, stream: 'bench.order', counter: 0 };
  const shape = chooseShape(encoded, tokenBudget);
  const rows = packRows(encoded, shape, key);
  const alone = unshared(encoded);
  const rowsAlone = packRows(alone, chooseShape(alone, tokenBudget), key);
  return {
    prefixSharingGain: rowsAlone.length / rows.length,
    padWaste: packingFigures(rows).padding,
    pairs: encoded.length,
    rows: rows.length,
  };
}
