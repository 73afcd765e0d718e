/** Prompts × codes in the order of a heat map, by whatever prompts are put together. */
import { clustersOf } from '#core/clusters.ts';
import { HeatRows } from '#core/heatRows.ts';
import { FacetError } from '#core/result.ts';
import type { HeatGroup, HeatLines, HeatLinesAsk, HeatMap } from '#shared/heatMap.ts';
import type { codePairs } from '../data/codePairs.ts';
import type { Viewer } from '../data/pairRows.ts';
import type { StoredCodes } from '../data/storedCodes.ts';
import { base64Of } from './base64.ts';
import { commonest } from './commonest.ts';

type Pairs = ReturnType<typeof codePairs>;

/** Of one checkpoint, as it was asked for last. */
export class HeatMaps {
  readonly #stored: StoredCodes;
  readonly #pairs: Pairs;
  #known: { readonly key: string; readonly heat: HeatRows } | null = null;
  #clusters: readonly string[] | null = null;

  constructor(stored: StoredCodes, pairs: Pairs) {
    this.#stored = stored;
    this.#pairs = pairs;
  }

  map(by: HeatGroup, viewer: Viewer): HeatMap {
    // Who labelled what and which tags there are changes meanwhile: read anew whenever the map is.
    if (by !== 'source' && by !== 'cluster') this.#known = null;
    const { groups, largest, order } = this.#rows(by, viewer);
    return { codes: this.#stored.codes, rows: order.length, largest, groups: [...groups] };
  }

  /** Throws `codes.no-such-rows` where lines are asked for that the map does not have. */
  lines({ by, lines, promptId }: HeatLinesAsk, viewer: Viewer): HeatLines {
    const heat = this.#rows(by, viewer);
    const { promptIds } = this.#stored;
    for (const { start, rows } of lines)
      if (start + rows > heat.order.length)
        throw new FacetError({
          code: 'codes.no-such-rows',
          message: `There are ${heat.order.length} prompts, and none at place ${start + rows}.`,
          fix: 'Show the heat map anew.',
        });
    const { means, strongest } = heat.figures(lines);
    const row = promptId === null ? -1 : promptIds.indexOf(promptId);
    return {
      means: base64Of(means),
      promptIds: base64Of(strongest.map((place) => promptIds[heat.order[place] as number] as number)),
      place: row < 0 ? null : heat.order.indexOf(row),
    };
  }

  #rows(by: HeatGroup, viewer: Viewer): HeatRows {
    const key = by === 'annotator' ? `${by} ${viewer.blind} ${viewer.annotatorId}` : by;
    if (this.#known?.key !== key) {
      this.#known = null;
      const { weights, codes } = this.#stored;
      this.#known = { key, heat: new HeatRows(weights, codes, this.#groupOf(by, viewer)) };
    }
    return this.#known.heat;
  }

  #groupOf(by: HeatGroup, viewer: Viewer): readonly string[] {
    if (by === 'source') return this.#stored.sources;
    if (by === 'cluster') {
      this.#clusters ??= clustersOf(this.#stored.weights, this.#stored.codes);
      return this.#clusters;
    }
    const names = commonest(this.#pairs.groupedFor(by, viewer));
    return Array.from(this.#stored.promptIds, (id) => names.get(id) ?? '');
  }
}
