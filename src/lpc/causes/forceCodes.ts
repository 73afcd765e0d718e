/** Forces codes on pairs, over hidden states that are computed once a row. */
import type { Engine, NamedData, TensorData } from '#compute/program.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import { forcedProgram, forcesAllAtOnce, PINNED_SHARE } from '../programs/forcedProgram.ts';
import { hiddenStatesProgram, pooledState } from '../programs/hiddenStatesProgram.ts';
import { injectedInto, type ProgramOptions } from '../programs/policy.ts';
import { eachWithProgress } from '../train/phases.ts';
import { type ReadyProgram, ready } from '../train/programs.ts';
import { type References, referenceData } from '../train/rows.ts';

/** A pair that is measured: with p(z|x), K values, where codes are also pinned into it. */
interface PairToForce {
  readonly pair: EncodedPair;
  readonly prior: ArrayLike<number>;
}
export interface ForcedMargins {
  /** Margins under z = e_k, in the order of the codes. */
  readonly forced: readonly number[];
  /** Margins under half the code and half the prior's own mixture. */
  readonly pinned: readonly number[];
  /** Margin with z off, z = 0, */
  readonly off: number;
  /** and under one mixture for all pairs. */
  readonly shared: number;
}

export interface ForceRequest {
  readonly engine: Engine;
  readonly options: ProgramOptions;
  readonly latent: LatentConfig;
  readonly references: References | null;
  readonly codes: readonly number[];
  readonly pairs: readonly PairToForce[];
  /** The mixture that all share: the mean of p(z|x), K values. */
  readonly shared: ArrayLike<number>;
  /** Inputs of a row with its hidden states, where those are cached; else they are computed here. */
  readonly knownInputs: ((row: PackedRow) => Promise<NamedData> | NamedData) | null;
}

interface RowSource {
  inputs(row: PackedRow): Promise<NamedData> | NamedData;
  readonly options: ProgramOptions;
  dispose(): Promise<void>;
}

/**
 * Hidden states in place of tokens: z enters above them. Where it enters below a trained adapter the blocks run with the
 * adapter each time.
 */
async function rowSource({ engine, options, latent, knownInputs }: ForceRequest): Promise<RowSource> {
  const nothing = async (): Promise<void> => undefined;
  if (options.hiddenStatesFrom === 'inputs' && knownInputs !== null)
    return { options, inputs: knownInputs, dispose: nothing };
  if (options.stage === 'all' && injectedInto(options).length > 0)
    return { options, inputs: async (row) => row.inputs, dispose: nothing };
  const states: ReadyProgram = await ready(engine, hiddenStatesProgram(options));
  return {
    options: { ...options, stage: 'heads', hiddenStatesFrom: 'inputs' },
    async inputs(row) {
      const found = await states.run(row.inputs);
      const prompt = found[pooledState(latent.pooling)] as TensorData;
      return { ...row.inputs, ...found, 'states.prompt': prompt };
    },
    dispose: () => states.dispose(),
  };
}

type CodeWeight = (pairId: string, code: number) => number;

const pinnedWeight = (pinned: number, code: number, prior: number): number =>
  (code === pinned ? PINNED_SHARE : 0) + (1 - PINNED_SHARE) * prior;

function mixtureOf(row: PackedRow, codes: number, weight: CodeWeight): Float32Array<ArrayBuffer> {
  const values = new Float32Array(row.shape.pairs * codes);
  for (const [slot, { pairId }] of row.pairs.entries())
    for (let code = 0; code < codes; code += 1) values[slot * codes + code] = weight(pairId, code);
  return values;
}

/** Mean of p(z|x), K values. */
export function meanMixture(priors: readonly ArrayLike<number>[], codes: number): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(codes);
  for (const prior of priors)
    for (let code = 0; code < codes; code += 1)
      mean[code] = (mean[code] as number) + (prior[code] as number) / priors.length;
  return mean;
}

type RunRow = (weight: CodeWeight) => Promise<NamedData>;

const priorsOf = (pairs: readonly PairToForce[]): ReadonlyMap<string, ArrayLike<number>> =>
  new Map(pairs.map(({ pair, prior }) => [pair.pairId, prior]));

/** z at the head: one run of the program tells of every code. */
async function atOnce(
  run: RunRow,
  row: PackedRow,
  width: number,
  { codes, pairs }: ForceRequest,
): Promise<Map<string, ForcedMargins>> {
  const priors = priorsOf(pairs);
  const outputs = await run((pair, at) => priors.get(pair)?.[at] ?? 0);
  const at = (name: string, place: number): number => (outputs[name] as Float32Array)[place] as number;
  // Behind the codes: nothing, and the shared mixture.
  const all = width + 2;
  return new Map(
    row.pairs.map(({ pairId }, slot) => [
      pairId,
      {
        forced: codes.map((code) => at('forced', slot * all + code)),
        pinned: codes.map((code) => at('pinned', slot * width + code)),
        off: at('forced', slot * all + width),
        shared: at('forced', slot * all + width + 1),
      },
    ]),
  );
}

/** z in the layers: the blocks above run again for each code. */
async function oneByOne(
  run: RunRow,
  row: PackedRow,
  { codes, pairs, shared: mixture }: ForceRequest,
): Promise<Map<string, ForcedMargins>> {
  const priors = priorsOf(pairs);
  const off = (await run(() => 0)).margin as Float32Array;
  const shared = (await run((_, at) => mixture[at] ?? 0)).margin as Float32Array;
  const found = row.pairs.map(({ pairId }, slot) => ({
    pairId,
    forced: [] as number[],
    pinned: [] as number[],
    off: off[slot] as number,
    shared: shared[slot] as number,
  }));
  for (const code of codes) {
    const forced = (await run((_, at) => (at === code ? 1 : 0))).margin as Float32Array;
    const pinned = await run((pair, at) => pinnedWeight(code, at, priors.get(pair)?.[at] ?? 0));
    for (const [slot, own] of found.entries()) {
      own.forced.push(forced[slot] as number);
      own.pinned.push((pinned.margin as Float32Array)[slot] as number);
    }
  }
  return new Map(found.map(({ pairId, ...margins }) => [pairId, margins]));
}

/** Margins by pair id; null where it was stopped. */
export async function* forceCodes(
  request: ForceRequest,
  stop?: AbortSignal,
): AsyncGenerator<RunFrame, Map<string, ForcedMargins> | null> {
  const { engine, latent, pairs, references } = request;
  const rows = packRows(
    pairs.map(({ pair }) => pair),
    request.options.shape,
  );
  const found = new Map<string, ForcedMargins>();
  const shared = Float32Array.from(request.shared);
  const source = await rowSource(request);
  try {
    const program = await ready(engine, forcedProgram(source.options, latent));
    try {
      const { complete } = yield* eachWithProgress(
        'causes',
        rows,
        async (row) => {
          const inputs = { ...(await source.inputs(row)), ...referenceData(row, references) };
          const run = (weight: CodeWeight) =>
            program.run({ ...inputs, shared, mixture: mixtureOf(row, latent.codes, weight) });
          const margins = forcesAllAtOnce(request.options)
            ? await atOnce(run, row, latent.codes, request)
            : await oneByOne(run, row, request);
          for (const [pairId, own] of margins) found.set(pairId, own);
        },
        stop,
      );
      return complete ? found : null;
    } finally {
      await program.dispose();
    }
  } finally {
    await source.dispose();
  }
}
