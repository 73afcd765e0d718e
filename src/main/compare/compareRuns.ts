/** Two runs on the same pairs: those held out from both, paired, with prompts resampled. */
import { join } from 'node:path';
import { z } from 'zod';
import { crossedBootstrapInterval, mean } from '#core/statistics.ts';
import { readJsonLines } from '#disk/lines.ts';
import type { Comparison, ComparisonAsk } from '#shared/comparisonEntities.ts';
import type { Database } from '../data/database.ts';
import { type SharedResult, sharedResults } from '../data/sharedResults.ts';
import type { Tick } from '../pass/protocol.ts';

const SHOWN_PAIRS = 200;
const SHOWN_CHARACTERS = 400;
const BOOTSTRAP_SEED = 1;

const rowSchema = z.object({
  id: z.string(),
  messages: z.array(z.object({ content: z.string() })),
  chosen: z.string(),
  rejected: z.string(),
});
type DatasetRow = z.infer<typeof rowSchema>;

const datasetOf = (filesDir: string, runId: number): AsyncIterable<DatasetRow> =>
  readJsonLines(join(filesDir, 'runs', String(runId), 'dataset.jsonl'), (row) => rowSchema.parse(row));

export interface PlacedAsk extends Pick<ComparisonAsk, 'runId' | 'otherId'> {
  /** Steps of the checkpoints whose margins are compared. */
  readonly step: number;
  readonly otherStep: number;
  /** Where the project keeps the files of its runs. */
  readonly filesDir: string;
}

/** Pairs of which the two runs were given different labels. */
async function relabelledPairs(
  { filesDir, runId, otherId }: PlacedAsk,
  wanted: ReadonlySet<string>,
): Promise<ReadonlySet<number>> {
  const chosen = new Map<string, string>();
  for await (const row of datasetOf(filesDir, runId)) if (wanted.has(row.id)) chosen.set(row.id, row.chosen);
  const relabelled = new Set<number>();
  for await (const row of datasetOf(filesDir, otherId)) {
    if (wanted.has(row.id) && chosen.get(row.id) !== row.chosen) relabelled.add(Number(row.id));
  }
  return relabelled;
}

const right = (margin: number): number => (margin > 0 ? 1 : 0);

function accuracies(results: readonly SharedResult[], tick: Tick): Comparison['accuracy'] {
  if (results.length === 0) return null;
  const clusters = results.map(({ promptId }) => promptId);
  const estimate = (outcomes: readonly number[], done: number) => {
    tick(done, 4);
    const interval = crossedBootstrapInterval([outcomes], { seed: BOOTSTRAP_SEED, clusters });
    return { value: mean(outcomes), ...interval };
  };
  return {
    own: estimate(
      results.map(({ own }) => right(own)),
      1,
    ),
    others: estimate(
      results.map(({ others }) => right(others)),
      2,
    ),
    difference: estimate(
      results.map(({ own, others }) => right(own) - right(others)),
      3,
    ),
  };
}

async function disagreementsOf(
  filesDir: string,
  runId: number,
  results: readonly SharedResult[],
): Promise<Comparison['disagreements']> {
  const apart = results.filter(({ own, others }) => right(own) !== right(others));
  const widest = apart
    .toSorted((a, b) => Math.abs(b.own - b.others) - Math.abs(a.own - a.others))
    .slice(0, SHOWN_PAIRS);
  const wanted = new Map(widest.map((result) => [String(result.pairId), result]));
  const texts = new Map<number, Pick<DatasetRow, 'messages' | 'chosen' | 'rejected'>>();
  if (wanted.size > 0)
    for await (const row of datasetOf(filesDir, runId)) {
      if (wanted.has(row.id)) texts.set(Number(row.id), row);
    }
  const cut = (text: string | undefined): string => (text ?? '').slice(0, SHOWN_CHARACTERS);
  const ownRight = apart.filter(({ own }) => own > 0).length;
  return {
    ownRight,
    othersRight: apart.length - ownRight,
    pairs: widest.map(({ pairId, own, others }) => {
      const row = texts.get(pairId);
      return {
        pairId,
        prompt: cut(row?.messages.at(-1)?.content),
        chosen: cut(row?.chosen),
        rejected: cut(row?.rejected),
        own,
        others,
      };
    }),
  };
}

export async function compareRuns(database: Database, ask: PlacedAsk, tick: Tick): Promise<Comparison> {
  const { filesDir, runId, step, otherStep } = ask;
  tick(0, 4);
  const { shared, own, others, sameDataset } = sharedResults(database, ask);
  const ids = new Set(shared.map(({ pairId }) => String(pairId)));
  const relabelled = sameDataset || ids.size === 0 ? new Set<number>() : await relabelledPairs(ask, ids);
  const results = shared.filter(({ pairId }) => !relabelled.has(pairId));
  return {
    step,
    otherStep,
    pairs: results.length,
    prompts: new Set(results.map(({ promptId }) => promptId)).size,
    relabelled: relabelled.size,
    onlyOwn: own - shared.length,
    onlyOthers: others - shared.length,
    accuracy: accuracies(results, tick),
    disagreements: await disagreementsOf(filesDir, runId, results),
  };
}
