import type { CausesFrame } from '../runFrames.ts';
import { causesOf } from './causes.ts';
import type { ForcedCodes } from './types.ts';

/** Codes that were forced on held-out pairs, and which of them. */
interface ForcedHeldOut extends ForcedCodes, Pick<CausesFrame, 'step' | 'heldOutPairs' | 'codesLeftOut'> {
  /** Held-out pairs that were drawn; `pairs` are those of them that have a group. */
  readonly drawn: number;
  /** null where all drawn pairs are of one source and one aspect. */
  readonly groupedBy: CausesFrame['groupedBy'] | null;
}

/** What a run tells of its last evaluation. `seed` is the run's. */
export function causesFrame(forced: ForcedHeldOut, seed: number): CausesFrame {
  const { step, heldOutPairs, codesLeftOut, groupedBy, drawn } = forced;
  const frame = { type: 'causes', step, pairs: drawn, heldOutPairs, codesLeftOut } as const;
  if (groupedBy === null)
    return {
      ...frame,
      groupedBy: 'source',
      causes: null,
      reason:
        'The held-out pairs are of one source and one aspect, so there are no groups that a code could serve.',
    };
  const causes = causesOf(forced, seed);
  const reason = causes?.recovery === null ? 'Fewer than two groups have eight held-out prompts.' : null;
  return { ...frame, groupedBy, causes, reason };
}
