import type { DataExport } from '#shared/dataEntities.ts';
import type { Database } from '../data/database.ts';
import {
  type ExportedPair,
  exportedPair,
  exportedSingles,
  type PairId,
  standingRows,
} from '../data/exportRows.ts';
import { storedGuidelines } from '../data/guidelineTable.ts';
import { PairFigures } from '../figures/PairFigures.ts';
import type { CodeCoverage } from './CodeCoverage.ts';
import { countedLabels } from './choosePairs.ts';
import { agreementWeights, type Label, type LabelKnowledge, labelsOf, PairConsensus } from './labels.ts';
import { type ExportRow, hasParts } from './shapeParts.ts';
import { argilla, facetRow, facetSingle, PREFERENCE_SHAPES } from './shapes.ts';

export const TABLE_HOLDS_TEXT =
  'a table of Parquet holds role and text of messages alone; JSON Lines hold the rest';

/** Turns pairs into rows of a shape, and gathers what is to be said of them. */
export class Exporter {
  readonly #database: Database;
  readonly #request: DataExport;
  readonly #codes: CodeCoverage | null;
  readonly #known: LabelKnowledge;
  readonly #read: ReturnType<typeof exportedPair>;
  readonly leftOut: Record<string, number> = {};
  readonly figures = new PairFigures();

  constructor(database: Database, request: DataExport, pairs: readonly PairId[], codes: CodeCoverage | null) {
    this.#database = database;
    this.#request = request;
    this.#codes = codes;
    this.#read = exportedPair(database, request.shape === 'facet');
    const { adjudicator, labels } = request;
    this.#known = {
      adjudicator,
      weights: labels === 'weighted' ? agreementWeights(this.#standing(pairs)) : new Map(),
      consensus: labels === 'consensus' ? new PairConsensus(this.#standing(pairs)) : null,
    };
  }

  *#standing(pairs: readonly PairId[]) {
    const standing = standingRows(this.#database);
    for (const { id } of pairs) yield countedLabels(standing(id), this.#request.pairs) ?? [];
  }

  /** Says that something was left out, and why. */
  leave(reason: string): void {
    this.leftOut[reason] = (this.leftOut[reason] ?? 0) + 1;
  }

  /** Rows of one file. In Facet's own shape the first one carries the guidelines that verdicts name. */
  *rows(pairs: Iterable<PairId>): Generator<ExportRow> {
    let beside: ExportRow =
      this.#request.shape === 'facet' ? { guidelines: storedGuidelines(this.#database) } : {};
    for (const { id } of pairs) {
      const found = this.#read(id);
      if ('unreadable' in found) {
        this.leave(`cannot be read: ${found.unreadable}`);
        continue;
      }
      const counted = countedLabels(found.standing, this.#request.pairs);
      if (!counted) continue;
      const pair = { ...found, standing: counted };
      this.figures.add({ ...pair, source: pair.source.name }, counted);
      this.#codes?.add(pair.promptId);
      for (const row of this.#shaped(pair)) {
        yield { ...row, ...beside };
        beside = {};
      }
    }
  }

  *singles(): Generator<ExportRow> {
    const suffix = this.#suffix();
    for (const single of exportedSingles(this.#database)) {
      const row = facetSingle(single);
      yield { ...row, facet: `${String(row.facet)}${suffix}` };
    }
  }

  /** Says that apostrophes were put before formulas. */
  #suffix = (): string => (this.#request.file === 'csv' ? '-csv' : '');

  *#shaped(pair: ExportedPair): Generator<ExportRow> {
    const { shape, labels } = this.#request;
    if (shape === 'facet') {
      const row = facetRow(pair);
      return yield { ...row, facet: `${String(row.facet)}${this.#suffix()}` };
    }
    // Its rows are replies, not pairs.
    if (shape === 'trl-unpaired') return;
    // LLaMA-Factory has calls as texts, which a table holds.
    if (this.#request.file === 'parquet' && shape !== 'llama-factory' && hasParts(pair))
      return this.leave(TABLE_HOLDS_TEXT);
    if (shape === 'argilla') return yield argilla(pair);
    const found = labelsOf(pair.standing, labels, this.#known);
    if (found.length === 0) this.leave('has no label');
    for (const label of found.flatMap((one) => this.#ways(one))) {
      const shaped = PREFERENCE_SHAPES[shape](pair, label);
      if ('row' in shaped) yield shaped.row;
      else this.leave(shaped.lost);
    }
  }

  #ways(label: Label): Label[] {
    const { ties, bothBad } = this.#request;
    const rule = label.verdict === 'tie' ? ties : label.verdict === 'both_bad' ? bothBad : 'leave-out';
    if (rule === 'leave-out') return [label];
    return [
      { ...label, verdict: 'a' },
      { ...label, verdict: 'b' },
    ];
  }
}
