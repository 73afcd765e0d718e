import { FacetError } from '#core/result.ts';
import type { PairSelection } from '#shared/entities.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import type { OpenProject } from './OpenProject.ts';

/** Labelled pairs of a selection. Throws `runs.no-pairs` where there is none. */
export function selectPairs(project: OpenProject, selection: PairSelection) {
  const pairs = labelledPairs(project.database, selection);
  if (pairs.length > 0) return pairs;
  throw noPairs();
}

export const noPairs = (): FacetError =>
  new FacetError({
    code: 'runs.no-pairs',
    message: 'No pair in this selection can be read and has a label that prefers one reply.',
    fix: 'Label some pairs, or choose other sources or labels.',
  });
