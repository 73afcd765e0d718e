/** Pairs as token rows, those left out that the model's chat template cannot write. */
import type { PreferencePair } from '#core/preference.ts';
import type { FacetError } from '#core/result.ts';
import type { PhaseFrame } from '#core/runFrames.ts';
import { type EncodedPair, type EncodeLimits, encodePair, isTemplateFailure } from '../packing/encode.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';
import { eachWithProgress } from './phases.ts';

export interface EncodedPairs {
  readonly encoded: EncodedPair[];
  /** Says how many pairs are left out and names the first of them; null where none is. */
  readonly refusedNote: string | null;
  /** False when stopped before the end. */
  readonly complete: boolean;
}

/** In the order given. Throws what the template says of the first pair where it refuses all of them. */
export async function* encodeAll(
  tokenizer: Tokenizer,
  pairs: readonly PreferencePair[],
  limits: EncodeLimits,
  stop?: AbortSignal,
): AsyncGenerator<PhaseFrame, EncodedPairs> {
  const encoded: EncodedPair[] = [];
  const refused: FacetError[] = [];
  const { complete } = yield* eachWithProgress(
    'tokenise',
    pairs,
    (pair) => {
      try {
        encoded.push(encodePair(tokenizer, pair, limits));
      } catch (error) {
        if (!isTemplateFailure(error)) throw error;
        refused.push(error);
      }
    },
    stop,
  );
  const [first] = refused;
  if (complete && first && encoded.length === 0) throw first;
  return { encoded, refusedNote: refusedNote(refused, pairs.length), complete };
}

function refusedNote(refused: readonly FacetError[], of: number): string | null {
  if (refused.length === 0) return null;
  const named = refused.slice(0, 3).map(({ failure }) => failure.message);
  const more = refused.length > named.length ? ` And ${refused.length - named.length} more.` : '';
  return `${refused.length} of ${of} pairs are left out: the chat template cannot write them. ${named.join(' ')}${more}`;
}
