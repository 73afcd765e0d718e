/** Reference log-probabilities of a run's pairs: from the cache, else computed in packed rows and cached. */

import type { PhaseFrame } from '#core/runFrames.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { eachWithProgress } from './phases.ts';
import type { ReadyProgram } from './programs.ts';
import { type ReferenceCache, type ReferencePair, referenceKey } from './referenceCache.ts';
import type { References } from './rows.ts';
import type { RowInputs } from './stepRunner.ts';

/** Whether every pair is in the cache. */
export const allKnown = (cache: ReferenceCache, encoded: readonly EncodedPair[]): boolean =>
  encoded.every((pair) => cache.get(referenceKey(pair)) !== undefined);

/**
 * null when stopped before all were known; what was computed is cached all the same. `inputsOf` gives what the program
 * reads of a row, its tokens by default.
 */
export async function* referenceLogProbabilities(
  cache: ReferenceCache,
  encoded: readonly EncodedPair[],
  shape: RowShape,
  compile: () => Promise<ReadyProgram>,
  stop?: AbortSignal,
  inputsOf: RowInputs = async (row) => row.inputs,
): AsyncGenerator<PhaseFrame, References | null> {
  const missing = new Map<string, EncodedPair>();
  const known = new Map<string, ReferencePair>();
  for (const pair of encoded) {
    const key = referenceKey(pair);
    const cached = cache.get(key);
    if (cached) known.set(key, cached);
    else missing.set(key, pair);
  }
  if (missing.size === 0) return known;
  const program = await compile();
  try {
    const { complete } = yield* eachWithProgress(
      'reference',
      packRows([...missing.values()], shape),
      async (row) => {
        const { logps } = await program.run(await inputsOf(row));
        for (const [slot, pair] of row.pairs.entries()) {
          const values: ReferencePair = [logps?.[2 * slot] as number, logps?.[2 * slot + 1] as number];
          known.set(referenceKey(pair), values);
          cache.add(referenceKey(pair), values);
        }
      },
      stop,
    );
    await cache.save();
    return complete ? known : null;
  } finally {
    await program.dispose();
  }
}
