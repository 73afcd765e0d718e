/** Pairs and labels of a project as files for other tools. The same project and options give the same bytes. */
import { basename, join, parse } from 'node:path';
import { FacetError } from '#core/result.ts';
import { heldOutPrompts, promptKey } from '#core/split.ts';
import { jsonLine } from '#disk/lines.ts';
import { FileWriter, writeFileAtomic } from '#disk/writeFile.ts';
import type { DataExport, DataExported, PairChoice } from '#shared/dataEntities.ts';
import type { Database } from '../data/database.ts';
import { knownNames, type PairId, promptTexts } from '../data/exportRows.ts';
import { runCodes } from '../data/promptCodes.ts';
import { readStoredMessages } from '../data/storedMessages.ts';
import type { Tick } from '../pass/protocol.ts';
import { CodeCoverage } from './CodeCoverage.ts';
import { cardLines } from './card.ts';
import { choosePairs, requireKnown } from './choosePairs.ts';
import { csvLines } from './csv.ts';
import { addDatasets } from './datasetInfo.ts';
import { Exporter, TABLE_HOLDS_TEXT } from './Exporter.ts';
import { parquetParts } from './parquet.ts';
import type { ExportRow } from './shapeParts.ts';
import { EXAMPLES } from './shapes.ts';
import { unpairedRows } from './unpaired.ts';

interface Side {
  readonly path: string;
  readonly pairs: readonly PairId[];
  /** Whether a prompt, by what it says, is on this side. */
  readonly holds: (key: string) => boolean;
}

/** Two ids of one text are on one side, and it is the side that a run with this share and seed puts them on. */
function sidesOf(
  database: Database,
  { out, testShare, seed }: DataExport,
  pairs: readonly PairId[],
  further: Iterable<string>,
): Side[] {
  if (testShare === 0) return [{ path: out, pairs, holds: () => true }];
  const text = promptTexts(database);
  const keys = new Map<number, string>();
  for (const { promptId } of pairs) {
    if (keys.has(promptId)) continue;
    const stored = readStoredMessages(text(promptId));
    keys.set(promptId, stored.ok ? promptKey(stored.messages) : text(promptId));
  }
  const held = heldOutPrompts([...keys.values(), ...further], testShare, seed);
  const isHeld = ({ promptId }: PairId): boolean => held.has(keys.get(promptId) as string);
  const { dir, name, ext } = parse(out);
  return [
    {
      path: join(dir, `${name}.train${ext}`),
      pairs: pairs.filter((pair) => !isHeld(pair)),
      holds: (key) => !held.has(key),
    },
    { path: join(dir, `${name}.test${ext}`), pairs: pairs.filter(isHeld), holds: (key) => held.has(key) },
  ];
}

/** Rows made into one part of a file. */
const ROWS_A_PART = 200;

function* inParts(lines: Iterable<string>): Generator<string> {
  let part = '';
  let count = 0;
  for (const line of lines) {
    part += line;
    count += 1;
    if (count % ROWS_A_PART !== 0) continue;
    yield part;
    part = '';
  }
  yield part;
}
function* jsonLines(rows: Iterable<ExportRow>): Generator<string> {
  for (const row of rows) yield jsonLine(row);
}

/** What a row holds, with the consensus' own column where there is one. */
function exampleOf({ shape, labels }: DataExport): ExportRow {
  const example = EXAMPLES[shape];
  return labels === 'consensus' && 'annotator' in example ? { ...example, label_probability: 0 } : example;
}

/** Under way: it has its name once all that belongs to it is written. */
async function writeRows(
  request: DataExport,
  writer: FileWriter,
  rows: Iterable<ExportRow>,
): Promise<number> {
  let count = 0;
  function* counted(): Generator<ExportRow> {
    for (const row of rows) {
      count += 1;
      yield row;
    }
  }
  const example = exampleOf(request);
  const parts = {
    jsonl: () => inParts(jsonLines(counted())),
    csv: () => inParts(csvLines(Object.keys(example), counted())),
    parquet: () => parquetParts(example, counted()),
  }[request.file]();
  for (const part of parts) await writer.write(part);
  return count;
}

function coverageOf(database: Database, runId: number | null): CodeCoverage | null {
  if (runId === null) return null;
  const codes = runCodes(database, runId);
  if (codes) return new CodeCoverage(codes);
  throw new FacetError({
    code: 'export.no-run',
    message: `There is no run ${runId}.`,
    fix: 'Name a run of this project, or none.',
  });
}

/** How the pairs were chosen, in sentences; none where all of them are there. */
function choiceFacts({ sources, text, status, annotators, tags, shown }: PairChoice): string[] {
  const search = [text, shown?.filter.text ?? ''].map((one) => one.trim()).filter((one) => one !== '');
  return [
    ...(sources ? [`Only pairs of: ${sources.join(', ')}.`] : []),
    ...search.map((one) => `Only pairs that hold: ${one}.`),
    ...(status === 'all' ? [] : [`Only ${status} pairs.`]),
    ...(tags ? [`Only pairs tagged: ${tags.join(', ')}.`] : []),
    ...(annotators ? [`Only labels of: ${annotators.join(', ')}.`] : []),
    ...(shown ? ['Only pairs that the Library showed under its filters.'] : []),
  ];
}

export async function exportData(database: Database, request: DataExport, tick: Tick): Promise<DataExported> {
  const { shape, file, out, labels, testShare, seed } = request;
  if (labels === 'adjudicated' && request.adjudicator !== null)
    requireKnown('annotator', [request.adjudicator], knownNames(database).people);
  const pairs = choosePairs(database, request.pairs, shape === 'facet');
  const codes = coverageOf(database, request.runId);
  const exporter = new Exporter(database, request, pairs, codes);
  let done = 0;
  function* ticked(side: readonly PairId[]): Generator<PairId> {
    for (const pair of side) {
      tick(done, pairs.length);
      done += 1;
      yield pair;
    }
  }
  const unpairedAmong = (some: readonly PairId[], leave: (reason: string) => void) =>
    unpairedRows(database, request, some, isWhole(request), leave);
  function* unpaired(side: Side): Generator<ExportRow> {
    for (const { row, key, hasParts } of unpairedAmong(pairs, (reason) => exporter.leave(reason))) {
      if (!side.holds(key)) continue;
      if (file === 'parquet' && hasParts) exporter.leave(TABLE_HOLDS_TEXT);
      else yield row;
    }
  }
  function* unpairedKeys(): Generator<string> {
    if (shape !== 'trl-unpaired') return;
    for (const { key } of unpairedAmong(pairs, () => undefined)) yield key;
  }
  function* rowsOf(side: Side, isFirst: boolean): Generator<ExportRow> {
    yield* exporter.rows(ticked(side.pairs));
    if (shape === 'trl-unpaired') yield* unpaired(side);
    if (shape === 'facet' && isFirst && isWhole(request)) yield* exporter.singles();
  }
  const files: { path: string; rows: number }[] = [];
  const writers: FileWriter[] = [];
  try {
    for (const [index, side] of sidesOf(database, request, pairs, unpairedKeys()).entries()) {
      const writer = await FileWriter.open(side.path);
      writers.push(writer);
      files.push({ path: side.path, rows: await writeRows(request, writer, rowsOf(side, index === 0)) });
    }
    tick(pairs.length, pairs.length);
    for (const writer of writers) await writer.finish();
  } finally {
    for (const writer of writers) await writer.abandon();
  }
  const { dir, name } = parse(out);
  const paths = files.map(({ path }) => path);
  const beside = shape === 'llama-factory' ? [await addDatasets(dir, paths)] : [];
  const card = join(dir, `${name}.card.md`);
  const facts = [
    `Shape: ${shape} (${file}); labels: ${shape === 'facet' || shape === 'argilla' ? 'every verdict' : shape === 'trl-unpaired' ? 'what most ratings say' : labels}.`,
    ...choiceFacts(request.pairs),
    ...files.map(({ path, rows }) => `${basename(path)}: ${rows} rows.`),
    ...(testShare > 0 ? [`Split by prompt: ${testShare} of the prompts to test, seed ${seed}.`] : []),
    ...Object.entries(exporter.leftOut).map(([reason, count]) => `Left out: ${count} (${reason}).`),
  ];
  const lines = cardLines(name, facts, exporter.figures, codes?.lines() ?? []);
  await writeFileAtomic(card, [lines.join('\n')]);
  return { files, card, beside, leftOut: exporter.leftOut };
}

/** Replies with a label of their own belong to no pair: they go along where nothing is chosen. */
const isWhole = ({ pairs: { sources, text, status, annotators, tags, shown } }: DataExport): boolean =>
  sources === null &&
  tags === null &&
  text === '' &&
  status === 'all' &&
  annotators === null &&
  shown === null;
