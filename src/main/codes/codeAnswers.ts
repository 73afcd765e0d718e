import { topRows } from '#core/codebook.ts';
import { FacetError } from '#core/result.ts';
import type { CodesOverview, HeatMap, TopPrompt } from '#shared/entities.ts';
import { codePairs } from '../data/codePairs.ts';
import type { Database } from '../data/database.ts';
import { type StoredCodes, storedCodes } from '../data/storedCodes.ts';
import { alignmentOf, timelineOf } from './flow.ts';
import { heatMapOf } from './heatMap.ts';
import { MapAnswers } from './map/mapAnswers.ts';
import { mapColours } from './map/mapColours.ts';
import { overviewOf } from './overview.ts';
import { codePage } from './page.ts';
import { coverageOf, matrixOf, selectPairs } from './pairsOfCodes.ts';
import type { CodeQuestions, CodesPlace } from './protocol.ts';

/** Of the checkpoint looked at last, until codes are stored anew. */
interface Known {
  readonly key: string;
  readonly stored: StoredCodes;
  overview?: Omit<CodesOverview, 'causes'>;
  heatMap?: HeatMap;
}

function requireCode({ codes }: StoredCodes, code: number): void {
  if (code < codes) return;
  throw new FacetError({
    code: 'codes.unknown-code',
    message: `This run has codes 0 to ${codes - 1}, and no code ${code}.`,
    fix: 'Choose one of its codes.',
  });
}

export function codeAnswers(database: Database): CodeQuestions {
  const table = storedCodes(database);
  const pairs = codePairs(database);
  let known: Known | null = null;
  const maps = new MapAnswers();
  const at = ({ runId, step, revision }: CodesPlace): Known => {
    const key = `${runId}:${step}:${revision}`;
    if (known?.key === key) return known;
    // What is known goes first: two runs' codes need not fit beside each other.
    known = null;
    const stored = table.load(runId, step);
    if (stored === null)
      throw new FacetError({
        code: 'codes.none',
        message: `The codes of step ${step} are not stored, or are just being read anew.`,
        fix: 'Try again in a moment.',
      });
    known = { key, stored };
    return known;
  };
  const shownBy =
    ({ promptIds, sources, weights, codes }: StoredCodes, code: number) =>
    (row: number): TopPrompt => {
      const promptId = promptIds[row] as number;
      return {
        promptId,
        text: table.prompt(promptId)?.preview ?? '',
        source: sources[row] as string,
        weight: weights[row * codes + code] as number,
      };
    };
  return {
    overview: (place, config) => {
      const of = at(place);
      of.overview ??= overviewOf(of.stored, table.userTexts(of.stored.promptIds), config);
      return of.overview;
    },
    heatMap: (place) => {
      const of = at(place);
      of.heatMap ??= heatMapOf(of.stored);
      return of.heatMap;
    },
    topPrompts: (place, code, limit) => {
      const { stored } = at(place);
      requireCode(stored, code);
      return topRows(stored.weights, stored.codes, code, limit).map(shownBy(stored, code));
    },
    page: (place, code) => {
      const { stored } = at(place);
      requireCode(stored, code);
      return codePage(stored, pairs, code, shownBy(stored, code));
    },
    prompt: (place, promptId) => {
      const { codes, weights, promptIds, sources } = at(place).stored;
      const row = promptIds.indexOf(promptId);
      const prompt = row < 0 ? null : table.prompt(promptId);
      if (prompt === null) {
        throw new FacetError({
          code: 'codes.unknown-prompt',
          message: `This run has no codes for prompt ${promptId}, which was added later.`,
          fix: 'Train again to give it codes.',
        });
      }
      const own = weights.subarray(row * codes, (row + 1) * codes);
      return {
        promptId,
        messages: [...prompt.messages],
        source: sources[row] as string,
        weights: [...own],
      };
    },
    select: (place, selection, viewer) => {
      const { stored } = at(place);
      for (const code of selection.codes ?? []) requireCode(stored, code);
      const { region } = selection;
      const within = region && maps.within(stored, place.runDir, region);
      return selectPairs(stored, pairs, selection, viewer, within);
    },
    map: (place, settings) => maps.picture(at(place).stored, place.runDir, settings),
    mapColours: (place, settings, by, viewer) => {
      const { stored } = at(place);
      const { promptIds } = maps.require(stored, place.runDir, settings);
      return mapColours(stored, pairs, promptIds, by, viewer);
    },
    coverage: (place) => coverageOf(at(place).stored, pairs),
    timeline: (runId, runDir, steps) => timelineOf(table, runId, runDir, steps),
    alignment: (first, second) => alignmentOf(table, first, second),
    matrix: (place, by) => matrixOf(at(place).stored, pairs, by),
  };
}
