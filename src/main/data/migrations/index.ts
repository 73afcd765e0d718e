import { pairsAndLabels } from './0001-pairs-and-labels.ts';
import { search } from './0002-search.ts';
import { modelsAndRuns } from './0003-models-and-runs.ts';
import { pausedRuns } from './0004-paused-runs.ts';
import { pairOrigins } from './0005-pair-origins.ts';
import { visiblePairs } from './0006-visible-pairs.ts';
import { wholeRuns } from './0007-whole-runs.ts';
import { leanPairs } from './0008-lean-pairs.ts';
import { labelHistory } from './0009-label-history.ts';
import { newerSettings } from './0010-newer-settings.ts';
import { importedRows } from './0011-imported-rows.ts';
import { searchSegments } from './0012-search-segments.ts';
import { codesStep } from './0013-codes-step.ts';
import { marks } from './0014-marks.ts';
import { strength } from './0015-strength.ts';
import { duplicates } from './0016-duplicates.ts';
import { keptCounts } from './0017-kept-counts.ts';
import { replyTurns } from './0018-reply-turns.ts';
import { attributes } from './0019-attributes.ts';
import { checkpointFigures } from './0020-checkpoint-figures.ts';
import { leanRows } from './0021-lean-rows.ts';
import { names } from './0022-names.ts';
import { needScores } from './0023-need-scores.ts';
import { members } from './0024-members.ts';
import { moreObjectives } from './0025-more-objectives.ts';
import { claims } from './0026-claims.ts';
import { adjudications } from './0027-adjudications.ts';
import { singleLabels } from './0028-single-labels.ts';
import { goldAnswers } from './0029-gold-answers.ts';
import { frozenWeights } from './0030-frozen-weights.ts';
import { rankings } from './0031-rankings.ts';
import { guidelineVersions } from './0032-guideline-versions.ts';
import { templateAndReference } from './0033-template-and-reference.ts';
import { bestBy } from './0034-best-by.ts';
import { repeats } from './0035-repeats.ts';
import { ratings } from './0036-ratings.ts';
import { starts } from './0037-starts.ts';
import { measuredAnew } from './0038-measured-anew.ts';

/** The script at position n takes a file from version n to n + 1. A published one never changes. */
export const MIGRATIONS: readonly string[] = [
  pairsAndLabels,
  search,
  modelsAndRuns,
  pausedRuns,
  pairOrigins,
  visiblePairs,
  wholeRuns,
  leanPairs,
  labelHistory,
  newerSettings,
  importedRows,
  searchSegments,
  codesStep,
  marks,
  strength,
  duplicates,
  keptCounts,
  replyTurns,
  attributes,
  checkpointFigures,
  leanRows,
  names,
  needScores,
  members,
  moreObjectives,
  claims,
  adjudications,
  singleLabels,
  goldAnswers,
  frozenWeights,
  rankings,
  guidelineVersions,
  templateAndReference,
  bestBy,
  repeats,
  ratings,
  starts,
  measuredAnew,
];
export const SCHEMA_VERSION = MIGRATIONS.length;
