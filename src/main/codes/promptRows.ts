/** Pages of a table of prompts: what it is ordered and filtered by is kept until something else is asked for. */
import type { RankedRows } from '#core/codePage.ts';
import type { PromptPage, PromptSort, PromptsAsk, PromptsFilter } from '#shared/promptRows.ts';
import type { StoredCodes, storedCodes } from '../data/storedCodes.ts';

type Table = ReturnType<typeof storedCodes>;
const SHOWN = 3;

export class PromptRows {
  readonly #stored: StoredCodes;
  readonly #ranked: RankedRows;
  readonly #table: Table;
  #known: { readonly key: string; readonly rows: Uint32Array } | null = null;

  constructor(stored: StoredCodes, ranked: RankedRows, table: Table) {
    this.#stored = stored;
    this.#ranked = ranked;
    this.#table = table;
  }

  page({ offset, limit, ...ask }: PromptsAsk): PromptPage {
    const key = JSON.stringify(ask);
    if (this.#known?.key !== key) this.#known = { key, rows: this.#rows(ask) };
    const { rows } = this.#known;
    const { promptIds, sources, weights, codes } = this.#stored;
    return {
      total: rows.length,
      rows: Array.from(rows.subarray(offset, offset + limit), (row) => {
        const own = weights.subarray(row * codes, (row + 1) * codes);
        const promptId = promptIds[row] as number;
        return {
          promptId,
          text: this.#table.prompt(promptId)?.preview ?? '',
          source: sources[row] as string,
          codes: strongestOf(own),
          mixed: Math.exp(entropyOf(own)),
        };
      }),
    };
  }

  /** Ids of the prompts that a table of this filter holds. */
  listed(filter: PromptsFilter): Set<number> {
    return new Set(this.#matching(filter).map((row) => this.#stored.promptIds[row] as number));
  }

  #matching({ search, code, source }: PromptsFilter): number[] {
    const { promptIds, sources } = this.#stored;
    const found = search === '' ? null : this.#table.holding(search);
    const rows: number[] = [];
    for (let row = 0; row < promptIds.length; row++)
      if (
        (code === null || this.#ranked.strongest[row] === code) &&
        (source === null || sources[row] === source) &&
        (found?.has(promptIds[row] as number) ?? true)
      )
        rows.push(row);
    return rows;
  }

  #rows({ sort, descending, ...filter }: Omit<PromptsAsk, 'offset' | 'limit'>): Uint32Array {
    const rows = this.#matching(filter);
    const values = this.#values(sort);
    const sign = descending ? -1 : 1;
    return Uint32Array.from(rows).sort(
      (a, b) => sign * ((values[a] as number) - (values[b] as number)) || a - b,
    );
  }

  /** What each row is ordered by. */
  #values(sort: PromptSort): ArrayLike<number> {
    const { promptIds, sources, weights, codes } = this.#stored;
    switch (sort) {
      case 'added':
        return promptIds;
      case 'code':
        return this.#ranked.strongest;
      case 'weight':
        return this.#ranked.best;
      case 'source': {
        const rank = new Map([...new Set(sources)].sort().map((name, at) => [name, at]));
        return Uint32Array.from(sources, (name) => rank.get(name) as number);
      }
      case 'mixed':
        return Float64Array.from(promptIds, (_, row) =>
          entropyOf(weights.subarray(row * codes, (row + 1) * codes)),
        );
    }
  }
}

function strongestOf(weights: Float32Array): PromptPage['rows'][number]['codes'] {
  return Array.from(weights, (weight, code) => ({ code, weight }))
    .sort((a, b) => b.weight - a.weight || a.code - b.code)
    .slice(0, SHOWN);
}

/** H(p(z|x)) in nats. */
export function entropyOf(weights: Float32Array): number {
  let sum = 0;
  for (const weight of weights) if (weight > 0) sum -= weight * Math.log(weight);
  return sum;
}
