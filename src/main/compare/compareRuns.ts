/** Two runs on the same pairs: those held out from both, paired, with prompts resampled. */
import { join } from 'node:path';
import { crossedBootstrapInterval, mean } from '#core/statistics.ts';
import type { Comparison, ComparisonAsk } from '#shared/comparisonEntities.ts';
import type { Database } from '../data/database.ts';
import { readDataset, textsOf } from '../data/runDataset.ts';
import { type SharedResult, sharedResults } from '../data/sharedResults.ts';
import type { Tick } from '../pass/protocol.ts';

const SHOWN_PAIRS = 200;
const BOOTSTRAP_SEED = 1;

const runDirOf = (filesDir: string, runId: number): string => join(filesDir, 'runs', String(runId));

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
  for await (const row of readDataset(runDirOf(filesDir, runId)))
    if (wanted.has(row.id)) chosen.set(row.id, row.chosen);
  const relabelled = new Set<number>();
  for await (const row of readDataset(runDirOf(filesDir, otherId))) {
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
  const texts = await textsOf(
    runDirOf(filesDir, runId),
    widest.map(({ pairId }) => pairId),
  );
  const ownRight = apart.filter(({ own }) => own > 0).length;
  return {
    ownRight,
    othersRight: apart.length - ownRight,
    pairs: widest.map(({ pairId, own, others }, place) => ({
      pairId,
      ...(texts[place] as (typeof texts)[number]),
      own,
      others,
    })),
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
