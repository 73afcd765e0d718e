/** What a run's codes cause on its held-out pairs. */
import { codesInUse } from '#core/causes/causes.ts';
import { causesFrame } from '#core/causes/frame.ts';
import type { ForcedPair } from '#core/causes/types.ts';
import { codesOf } from '#core/methods.ts';
import { hash32 } from '#core/random.ts';
import type { CausesFrame, RunFrame } from '#core/runFrames.ts';
import type { MeasuredPair, PairOrigin } from '../train/evaluation.ts';
import type { PreparedRun } from '../train/prepare.ts';
import type { References } from '../train/rows.ts';
import type { StagePrograms } from '../train/stage.ts';
import { forceCodes, meanMixture } from './forceCodes.ts';

/** Codes forced at most: each costs two passes through the LM head a pair. */
export const MOST_CODES = 16;
/** Held-out pairs that codes are forced on at most. */
const MOST_PAIRS = 512;

/** Whole prompts, drawn by their ids, until there are enough pairs: the same whatever else is held out. */
function drawnPairs(measured: readonly MeasuredPair[]): MeasuredPair[] {
  if (measured.length <= MOST_PAIRS) return [...measured];
  const place = ({ pair }: MeasuredPair): number => hash32(`causes:${pair.promptId}`);
  return [...measured].sort((a, b) => place(a) - place(b)).slice(0, MOST_PAIRS);
}

type Grouping = { readonly by: CausesFrame['groupedBy']; of(origin: PairOrigin): string | null };
const GROUPINGS: readonly Grouping[] = [
  { by: 'source', of: ({ source }) => source },
  { by: 'aspect', of: ({ aspect }) => aspect },
];

/** By source where there are several, else by aspect. */
function groupingOf(origins: readonly PairOrigin[]): Grouping | null {
  const several = ({ of }: Grouping): boolean =>
    new Set(origins.map(of).filter((group) => group !== null)).size > 1;
  return GROUPINGS.find(several) ?? null;
}

export const strongestCode = ({ prior }: MeasuredPair): number => {
  const weights = prior as Float32Array;
  return weights.indexOf(Math.max(...weights));
};

/** The frame of a run's last evaluation; null for a latent without codes, and where it was stopped. */
export async function* measureCauses(
  run: PreparedRun,
  references: References | null,
  programs: StagePrograms,
  measured: readonly MeasuredPair[],
  step: number,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, CausesFrame | null> {
  const { latent, seed } = run.config;
  if (latent === null || codesOf(run.config) === null || measured.length === 0) return null;
  const drawn = drawnPairs(measured);
  const origins = drawn.map(({ pair }) => run.originOf(pair.pairId));
  const grouping = groupingOf(origins);
  const prompts = [...new Map(measured.map((item) => [item.pair.promptId, item])).values()];
  const used = codesInUse(prompts.map(strongestCode));
  const codes = used.slice(0, MOST_CODES);
  const about = {
    step,
    drawn: drawn.length,
    heldOutPairs: measured.length,
    codes,
    codesLeftOut: used.length - codes.length,
  };
  if (grouping === null) return causesFrame({ ...about, groupedBy: null, pairs: [] }, seed);
  const forced = yield* forceCodes(
    {
      engine: run.engine,
      options: programs.options,
      latent,
      references,
      codes,
      pairs: drawn.map(({ pair, prior }) => ({ pair, prior: prior as Float32Array })),
      shared: meanMixture(
        prompts.map(({ prior }) => prior as Float32Array),
        latent.codes,
      ),
      knownInputs: programs.rowInputs,
    },
    stop,
  );
  if (forced === null) return null;
  const pairs = drawn.flatMap((item, row): ForcedPair[] => {
    const group = grouping.of(origins[row] as PairOrigin);
    const margins = forced.get(item.pair.pairId);
    if (group === null || margins === undefined) return [];
    const { promptId } = item.pair;
    return [{ promptId, group, strongest: strongestCode(item), margin: item.result.margin, ...margins }];
  });
  return causesFrame({ ...about, groupedBy: grouping.by, pairs }, seed);
}
