/** Pairs and labels of a project as files for other tools. The same project and options give the same bytes. */
import { basename, extname, join, parse } from 'node:path';
import { FacetError } from '#core/result.ts';
import { heldOutPrompts } from '#core/split.ts';
import { jsonLine } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { Database } from '../data/database.ts';
import { type ExportedPair, exportedPairs, exportedSingles } from '../data/exportRows.ts';
import { CardFigures } from './card.ts';
import { csvLines } from './csv.ts';
import { agreementWeights, type LabelRule, labelsOf } from './labels.ts';
import { parquetBytes } from './parquet.ts';
import {
  argilla,
  type ExportRow,
  type ExportShape,
  facetRow,
  facetSingle,
  PREFERENCE_SHAPES,
} from './shapes.ts';

export const EXPORT_FILES = ['jsonl', 'csv', 'parquet'] as const;
export type ExportFile = (typeof EXPORT_FILES)[number];

export interface DataExport {
  readonly shape: ExportShape;
  readonly out: string;
  readonly file: ExportFile;
  readonly labels: LabelRule;
  /** Whose label decides where people differ, for `adjudicated`. */
  readonly adjudicator: string | null;
  /** Names of sources; null for all. */
  readonly sources: readonly string[] | null;
  /** Share of the prompts that goes to a second file. */
  readonly testShare: number;
  readonly seed: number;
}
export interface DataExported {
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  readonly card: string;
  /** Pairs that are not in the files, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

interface Side {
  readonly path: string;
  readonly holds: (promptId: number) => boolean;
}

function sidesOf(database: Database, { out, testShare, seed, sources }: DataExport): Side[] {
  if (testShare === 0) return [{ path: out, holds: () => true }];
  const prompts = new Set<string>();
  for (const { promptId } of exportedPairs(database, sources, () => undefined)) prompts.add(String(promptId));
  const held = heldOutPrompts(prompts, testShare, seed);
  const { dir, name, ext } = parse(out);
  return [
    { path: join(dir, `${name}.train${ext}`), holds: (promptId) => !held.has(String(promptId)) },
    { path: join(dir, `${name}.test${ext}`), holds: (promptId) => held.has(String(promptId)) },
  ];
}

class Exporter {
  readonly #database: Database;
  readonly #request: DataExport;
  readonly #weights: Map<string, number>;
  readonly leftOut: Record<string, number> = {};
  readonly figures = new CardFigures();

  constructor(database: Database, request: DataExport) {
    this.#database = database;
    this.#request = request;
    const weigh = request.labels === 'weighted';
    this.#weights = weigh ? agreementWeights(this.#standing()) : new Map();
  }

  *#standing() {
    for (const { standing } of exportedPairs(this.#database, this.#request.sources, () => undefined))
      yield standing;
  }

  #leave(reason: string): void {
    this.leftOut[reason] = (this.leftOut[reason] ?? 0) + 1;
  }

  *rows(holds: Side['holds'], isFirst: boolean): Generator<ExportRow> {
    const { shape, sources } = this.#request;
    const unreadable = (_: number, reason: string): void => this.#leave(`cannot be read: ${reason}`);
    for (const pair of exportedPairs(this.#database, sources, unreadable)) {
      if (!holds(pair.promptId)) continue;
      this.figures.add(pair);
      yield* this.#shaped(pair);
    }
    if (shape !== 'facet' || !isFirst) return;
    for (const single of exportedSingles(this.#database)) yield facetSingle(single);
  }

  *#shaped(pair: ExportedPair): Generator<ExportRow> {
    const { shape, labels, adjudicator } = this.#request;
    if (shape === 'facet') return yield facetRow(pair);
    if (shape === 'argilla') return yield argilla(pair);
    const found = labelsOf(pair.standing, labels, { adjudicator, weights: this.#weights });
    if (found.length === 0) this.#leave('has no label');
    for (const label of found) {
      const shaped = PREFERENCE_SHAPES[shape](pair, label);
      if ('row' in shaped) yield shaped.row;
      else this.#leave(shaped.lost);
    }
  }
}

async function* lines(rows: Iterable<ExportRow>): AsyncGenerator<string> {
  for (const row of rows) yield jsonLine(row);
}

async function writeRows(
  { file, shape }: DataExport,
  path: string,
  rows: Iterable<ExportRow>,
): Promise<number> {
  let count = 0;
  function* counted(): Generator<ExportRow> {
    for (const row of rows) {
      count += 1;
      yield row;
    }
  }
  if (file === 'jsonl') {
    await writeFileAtomic(path, lines(counted()));
    return count;
  }
  const all = [...counted()];
  const columns = [...new Set(all.flatMap((row) => Object.keys(row)))];
  await writeFileAtomic(
    path,
    file === 'csv'
      ? csvLines(columns, all)
      : [parquetBytes(columns, all, shape === 'facet' ? 'text' : 'typed')],
  );
  return count;
}

/** LLaMA-Factory finds its sets, and what their columns are, in `dataset_info.json` beside them. */
function datasetInfo(paths: readonly string[]): string {
  const columns = { messages: 'conversations', chosen: 'chosen', rejected: 'rejected', system: 'system' };
  const entries = paths.map((path) => [
    basename(path, extname(path)),
    { file_name: basename(path), ranking: true, formatting: 'sharegpt', columns },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

export async function exportData(database: Database, request: DataExport): Promise<DataExported> {
  const { shape, file, out, labels, testShare, seed } = request;
  if (labels === 'adjudicated' && request.adjudicator === null) {
    throw new FacetError({
      code: 'export.no-adjudicator',
      message: 'Adjudicated labels need the name of who decides.',
      fix: 'Add --adjudicator NAME.',
    });
  }
  const exporter = new Exporter(database, request);
  const sides = sidesOf(database, request);
  const files: { path: string; rows: number }[] = [];
  for (const [index, { path, holds }] of sides.entries())
    files.push({ path, rows: await writeRows(request, path, exporter.rows(holds, index === 0)) });
  const { dir, name } = parse(out);
  if (shape === 'llama-factory')
    await writeFileAtomic(join(dir, 'dataset_info.json'), [datasetInfo(files.map(({ path }) => path))]);
  const card = join(dir, `${name}.card.md`);
  const facts = [
    `Shape: ${shape} (${file}); labels: ${shape === 'facet' || shape === 'argilla' ? 'every verdict' : labels}.`,
    ...files.map(({ path, rows }) => `${basename(path)}: ${rows} rows.`),
    ...(testShare > 0 ? [`Split by prompt: ${testShare} of the prompts to test, seed ${seed}.`] : []),
    ...Object.entries(exporter.leftOut).map(([reason, count]) => `Left out: ${count} (${reason}).`),
  ];
  await writeFileAtomic(card, [exporter.figures.lines(name, facts).join('\n')]);
  return { files, card, leftOut: exporter.leftOut };
}
