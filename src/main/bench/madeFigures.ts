/** What a run and a search for near-duplicates would leave in a project, made up: a code of each prompt, a margin of each pair, groups of two. */
import { LayoutRandom } from '#core/layout/points.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { type ActivationRows, codeTable, SLICE_ROWS } from '../data/codeTable.ts';
import { openDatabase } from '../data/database.ts';
import { duplicateStore, type FoundGroup } from '../data/duplicateTable.ts';
import { figureTable, type StoredPairResult } from '../data/figureTable.ts';
import { modelTable } from '../data/modelTable.ts';
import { runTable } from '../data/runTable.ts';
import { inTransaction } from '../data/transaction.ts';

const CODES = 16;
/** How far a prompt’s own code stands out, as a logit. */
const SPREAD = 3;
const STEP = 1;
/** One item of so many is in a group, with the one after it. */
const GROUPED_EVERY = 20;

function* slices(count: number): Generator<number[]> {
  for (let first = 1; first <= count; first += SLICE_ROWS)
    yield Array.from({ length: Math.min(SLICE_ROWS, count - first + 1) }, (_, index) => first + index);
}

/** The strongest code of a prompt is its id's remainder. */
async function* weightsOf(count: number): AsyncGenerator<ActivationRows> {
  for (const promptIds of slices(count)) {
    const weights = new Float32Array(promptIds.length * CODES).fill(0.5 / (CODES - 1));
    for (const [row, id] of promptIds.entries()) weights[row * CODES + (id % CODES)] = 0.5;
    yield { promptIds, weights };
  }
}

/** Mixes that differ from prompt to prompt, about as many heaps as there are codes; its id's remainder is the strongest. */
async function* mixesOf(count: number, codes: number): AsyncGenerator<ActivationRows> {
  const random = new LayoutRandom(4);
  for (const promptIds of slices(count)) {
    const weights = new Float32Array(promptIds.length * codes);
    for (const [row, id] of promptIds.entries()) {
      const own = weights.subarray(row * codes, (row + 1) * codes);
      for (let code = 0; code < codes; code++)
        own[code] = Math.exp(2 * random.share() + ((id * 7919) % codes === code ? SPREAD : 0));
      const sum = own.reduce((all, weight) => all + weight, 0);
      own.set(own.map((weight) => weight / sum));
    }
    yield { promptIds, weights };
  }
}

/** From -2 to 2, by steps of a thousandth. */
const resultOf = (id: number): StoredPairResult => ({
  pairId: String(id),
  margin: ((id * 2654435761) % 4001) / 1000 - 2,
  rewardChosen: 0,
  rewardRejected: 0,
  logpChosen: 0,
  logpRejected: 0,
  posteriorMargin: null,
  swappedMargin: null,
  kl: null,
});

function* groupsOf(count: number): Generator<FoundGroup> {
  for (const kind of ['prompts', 'pairs'] as const)
    for (let id = 1; id < count; id += GROUPED_EVERY)
      yield { kind, members: [id, id + 1].map((itemId) => ({ itemId, similarity: 0.9 })) };
}

/** Of a project of `pairs` pairs, each with its own prompt, that nobody has open. With `codes`, mixes of as many that differ, and nothing else. */
export async function makeFigures(path: string, pairs: number, codes: number | null = null): Promise<void> {
  const database = await openDatabase(path);
  try {
    const at = new Date(0).toISOString();
    const model = modelTable(database).put('made up', '/nowhere', {
      architecture: 'none',
      parameters: 0,
      layers: 0,
      hiddenSize: 0,
      vocabulary: 0,
      contextLength: 0,
      dtype: 'float32',
      bytes: 0,
      chatTemplate: false,
    });
    const runId = runTable(database).insert({
      name: 'made up',
      modelId: model.id,
      config: codes === null ? DEFAULT_RUN : { ...DEFAULT_RUN, latent: { ...DEFAULT_LATENT, codes } },
      selection: { labels: 'people-then-imported', sourceIds: null },
      pairs,
      codeVersion: '',
      startedAt: at,
    });
    const of = { runId, step: STEP, codes: codes ?? CODES, evidence: null };
    const weights = codes === null ? weightsOf(pairs) : mixesOf(pairs, codes);
    for await (const write of codeTable(database).putActivations(of, weights)) write();
    const figures = figureTable(database);
    if (codes === null)
      inTransaction(database, () => {
        for (const ids of slices(pairs)) figures.putResults(runId, STEP, ids.map(resultOf));
        const scan = { threshold: 0.8, at, lastPair: pairs, pairs };
        for (const write of duplicateStore(database).steps(scan, groupsOf(pairs))) write();
      });
    runTable(database).end(runId, 'finished', null, at);
  } finally {
    database.close();
  }
}
