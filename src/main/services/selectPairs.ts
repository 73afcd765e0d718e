import { learnsFromSingles } from '#core/methods.ts';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { UnreadablePair } from '../data/storedMessages.ts';
import { labelledPairs, preferencePairs } from '../data/trainingPairs.ts';
import { countSingles, labelledSingles } from '../data/trainingSingles.ts';
import type { OpenProject } from './OpenProject.ts';

export interface TrainingRows {
  /** Pairs, and replies with a label of their own where the objective learns from them. */
  readonly count: number;
  /** Reads them one at a time, pairs first. */
  read(): Generator<PreferencePair>;
  /** Pairs met so far that cannot be read. */
  readonly unreadable: readonly UnreadablePair[];
  /** Rows met so far that cannot be read, pairs or not. */
  left(): number;
}

/** What a run reads of a selection. Throws `runs.no-pairs` where there is nothing. */
export function selectPairs(
  project: OpenProject,
  selection: PairSelection,
  config: Pick<RunConfig, 'objective'>,
): TrainingRows {
  const { database } = project;
  const pairs = labelledPairs(database, selection);
  const withSingles = learnsFromSingles(config);
  const count = pairs.length + (withSingles ? countSingles(database, selection) : 0);
  if (count === 0) throw noPairs(config);
  const unreadable: UnreadablePair[] = [];
  let singlesLeft = 0;
  return {
    count,
    *read() {
      yield* preferencePairs(database, pairs, (pair) => unreadable.push(pair));
      if (withSingles)
        yield* labelledSingles(database, selection, () => {
          singlesLeft += 1;
        });
    },
    unreadable,
    left: () => unreadable.length + singlesLeft,
  };
}

export const noPairs = (config: Pick<RunConfig, 'objective'>): FacetError =>
  new FacetError({
    code: 'runs.no-pairs',
    message: learnsFromSingles(config)
      ? 'No pair and no reply in this selection can be read and has a label.'
      : 'No pair in this selection can be read and has a label that prefers one reply.',
    fix: 'Label some pairs, or choose other sources or labels.',
  });
