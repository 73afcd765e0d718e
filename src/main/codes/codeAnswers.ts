import { type RankedRows, rankRows, rowsOfCode } from '#core/codePage.ts';
import { FacetError } from '#core/result.ts';
import type { CodesOverview, TopPrompt } from '#shared/entities.ts';
import { codePairs } from '../data/codePairs.ts';
import type { Database } from '../data/database.ts';
import { type StoredCodes, storedCodes } from '../data/storedCodes.ts';
import { alignmentOf, timelineOf } from './flow.ts';
import { HeatMaps } from './heatMap.ts';
import { MapAnswers } from './map/mapAnswers.ts';
import { mapColours } from './map/mapColours.ts';
import { motionOf } from './map/motion.ts';
import { overviewOf } from './overview.ts';
import { codePage } from './page.ts';
import { coverageOf, matrixOf, selectPairs } from './pairsOfCodes.ts';
import { PromptRows } from './promptRows.ts';
import type { CodeQuestions, CodesPlace } from './protocol.ts';

/** Characters of a prompt under the pointer. */
const PREVIEWED = 120;

/** Of the checkpoint looked at last, until codes are stored anew. */
interface Known {
  readonly key: string;
  readonly stored: StoredCodes;
  readonly ranked: RankedRows;
  readonly heat: HeatMaps;
  readonly rows: PromptRows;
  overview?: Omit<CodesOverview, 'causes'>;
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
    const ranked = rankRows(stored.weights, stored.codes);
    const rows = new PromptRows(stored, ranked, table);
    known = { key, stored, ranked, rows, heat: new HeatMaps(stored, pairs) };
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
    heatMap: (place, by, viewer) => at(place).heat.map(by, viewer),
    prompts: (place, ask) => at(place).rows.page(ask),
    heatLines: (place, ask, viewer) => at(place).heat.lines(ask, viewer),
    topPrompts: (place, code, limit) => {
      const { stored, ranked } = at(place);
      requireCode(stored, code);
      return rowsOfCode(ranked, code, { top: limit, borderline: 0, bins: 1 }).top.map(shownBy(stored, code));
    },
    page: (place, code, viewer) => {
      const { stored, ranked } = at(place);
      requireCode(stored, code);
      return codePage({ stored, ranked, pairs, viewer }, code, shownBy(stored, code));
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
      const { stored, ranked, rows } = at(place);
      for (const code of selection.codes ?? []) requireCode(stored, code);
      const { region, listed } = selection;
      const inside = region && maps.within(stored, place.runDir, region);
      const named = listed && rows.listed(listed);
      const within = inside && named ? new Set([...inside].filter((id) => named.has(id))) : (inside ?? named);
      return selectPairs(stored, ranked.strongest, pairs, selection, viewer, within);
    },
    map: (place, settings) => maps.picture(at(place).stored, place.runDir, settings),
    mapColours: (place, settings, by, viewer) => {
      const { stored, ranked } = at(place);
      const { promptIds } = maps.require(stored, place.runDir, settings);
      return mapColours(stored, ranked.strongest, pairs, promptIds, by, viewer);
    },
    coverage: (place) => {
      const { stored, ranked } = at(place);
      return coverageOf(stored, ranked.strongest, pairs);
    },
    timeline: (runId, runDir, steps) => timelineOf(table, runId, runDir, steps),
    motion: (runDir) =>
      motionOf(runDir, (promptId) => (table.prompt(promptId)?.preview ?? '').slice(0, PREVIEWED)),
    alignment: (first, second) => alignmentOf(table, first, second),
    matrix: (place, by) => {
      const { stored, ranked } = at(place);
      return matrixOf(stored, ranked.strongest, pairs, by);
    },
  };
}
