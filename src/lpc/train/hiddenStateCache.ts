/**
 * Hidden states of a backbone at rest, computed once and kept on disk: while heads alone train, a step then costs the
 * heads and the LM head (and, where z enters the layers, the blocks that see it), and a second run over the same model
 * and pairs needs no backbone pass at all. Neither the order of the pairs, and so seed and split, nor which reply of a pair
 * is preferred makes a difference. What a stop or a crash leaves half made is gone on with.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { NamedData } from '#compute/program.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import {
  exchangedStates,
  type HiddenStateLayout,
  hiddenStateSize,
  inputsOfPairs,
  promptState,
  splitByPair,
} from './hiddenStateLayout.ts';
import { MOST_BYTES_IN_MEMORY, MOST_BYTES_OF_RUN, openHiddenStates } from './hiddenStateStore.ts';
import { type HiddenStateWriter, writeHiddenStates } from './hiddenStateWriter.ts';
import { eachWithProgress, phase } from './phases.ts';
import type { ReadyProgram } from './programs.ts';
import { statesKey } from './referenceCache.ts';

const FLOAT_BYTES = 4;
const VERSION = 3;

export interface HiddenStateCache {
  /** Milliseconds that a row took through the backbone, on average, when the states were computed. */
  readonly msPerRow: number;
  /** `hiddenStateInputs` of a row, whichever pairs share it. */
  inputsOf(row: PackedRow): Promise<NamedData>;
  /** h_x of a pair, as the run pools it: (d). */
  promptOf(pair: EncodedPair): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface HiddenStatesWanted {
  /** Pairs of training and evaluation. */
  readonly pairs: readonly EncodedPair[];
  readonly shape: RowShape;
  readonly layout: HiddenStateLayout;
  /** Names what the states depend on beside the pairs' tokens: the model's files and where z enters. */
  readonly identity: string;
  readonly folder: string;
  /** What they are called in notes; `hidden states` where absent. */
  readonly name?: string;
  /** What the program reads of a row; its tokens where absent. */
  readonly inputsOf?: (row: PackedRow) => Promise<NamedData>;
}

/** Bytes of the states of these pairs. */
export const hiddenStateBytes = (layout: HiddenStateLayout, pairs: readonly EncodedPair[]): number =>
  pairs.reduce((sum, pair) => sum + hiddenStateSize(layout, pair), 0) * FLOAT_BYTES;

/** Worth it where the run reads its pairs more than once, and where there is room for them. */
export const worthCaching = (bytes: number, backbonePasses: number): boolean =>
  backbonePasses > 1 && bytes <= MOST_BYTES_OF_RUN;

const exchanged = ({ chosen, rejected, ...pair }: EncodedPair): EncodedPair => ({
  ...pair,
  chosen: rejected,
  rejected: chosen,
});

interface Entry {
  readonly key: string;
  /** The pair as its states are kept: a pair and its opposite have them in common. */
  readonly pair: EncodedPair;
  readonly isExchanged: boolean;
}

function entryOf(pair: EncodedPair): Entry {
  const opposite = exchanged(pair);
  const [own, other] = [statesKey(pair), statesKey(opposite)];
  return own <= other
    ? { key: own, pair, isExchanged: false }
    : { key: other, pair: opposite, isExchanged: true };
}

/** Each pair once, in an order that follows from the pairs alone. */
function inFixedOrder(pairs: readonly EncodedPair[]): [string, EncodedPair][] {
  const byKey = new Map(pairs.map(entryOf).map(({ key, pair }) => [key, pair]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
}

function cacheKey({ identity, shape, layout }: HiddenStatesWanted, keys: readonly string[]): string {
  const parts = layout.parts.map(({ name }) => name);
  const { tokens, responses, pairs, span } = shape;
  return createHash('sha256')
    .update(JSON.stringify([VERSION, identity, [tokens, responses, pairs, span ?? null], parts, keys]))
    .digest('hex');
}

const inMib = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

/**
 * Runs the states program over the pairs that are missing, in the rows that all of them make, and hands on what it gives,
 * pair by pair. Gives the milliseconds of a row, or null where it was stopped.
 */
async function* compute(
  { shape, layout, inputsOf }: HiddenStatesWanted,
  pairs: readonly (readonly [string, EncodedPair])[],
  begun: ReadonlySet<string>,
  program: ReadyProgram,
  handle: (key: string, states: Float32Array) => Promise<void>,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, number | null> {
  const keys = new Map(pairs.map(([key, pair]) => [pair, key]));
  const isMissing = (pair: EncodedPair): boolean => !begun.has(keys.get(pair) as string);
  const rows = packRows(
    pairs.map(([, pair]) => pair),
    shape,
  ).filter((row) => row.pairs.some(isMissing));
  const startedMs = performance.now();
  const { complete } = yield* eachWithProgress(
    'reference',
    rows,
    async (row) => {
      const apart = splitByPair(layout, row, await program.run((await inputsOf?.(row)) ?? row.inputs));
      for (const [index, pair] of row.pairs.entries())
        if (isMissing(pair)) await handle(keys.get(pair) as string, apart[index] as Float32Array);
    },
    stop,
  );
  return complete ? (performance.now() - startedMs) / Math.max(1, rows.length) : null;
}

const cacheOf = (
  layout: HiddenStateLayout,
  msPerRow: number,
  of: (key: string) => Promise<Float32Array>,
  dispose: () => Promise<void>,
): HiddenStateCache => ({
  msPerRow,
  async inputsOf(row) {
    const states = row.pairs.map(async (given) => {
      const { key, pair, isExchanged } = entryOf(given);
      const kept = await of(key);
      return isExchanged ? exchangedStates(layout, pair, kept) : kept;
    });
    return inputsOfPairs(layout, row, await Promise.all(states));
  },
  async promptOf(given) {
    const { key, pair } = entryOf(given);
    return promptState(layout, pair, await of(key));
  },
  dispose,
});

/** States of all pairs: read where they were kept, else computed and kept. null when stopped, or without room. */
export async function* openHiddenStateCache(
  run: HiddenStatesWanted,
  compile: () => Promise<ReadyProgram>,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, HiddenStateCache | null> {
  const pairs = inFixedOrder(run.pairs);
  const { layout, folder, name = 'hidden states' } = run;
  const total = pairs.length;
  const bytes = hiddenStateBytes(
    layout,
    pairs.map(([, pair]) => pair),
  );
  const key = cacheKey(
    run,
    pairs.map(([pair]) => pair),
  );
  const stored = await openHiddenStates(folder, key);
  if (typeof stored === 'object') {
    yield phase(
      'reference',
      total,
      total,
      `Read the ${name} of ${total} pairs (${inMib(bytes)}) from the cache.`,
    );
    return cacheOf(layout, stored.msPerRow, stored.of, stored.close);
  }
  if (stored === 'damaged') {
    yield phase('reference', 0, total, `The cached ${name} were damaged and are being computed again.`);
  }
  const fits = bytes <= MOST_BYTES_IN_MEMORY;
  const writer: HiddenStateWriter | null = await writeHiddenStates(folder, key, bytes);
  if (writer === null) {
    const consequence = fits ? 'they are held in memory' : 'they are computed again at every step';
    yield phase(
      'reference',
      0,
      total,
      `The disk has no room for ${inMib(bytes)} of ${name}: ${consequence}.`,
    );
    if (!fits) return null;
  }
  const begun = writer?.begun ?? new Set<string>();
  if (begun.size > 0)
    yield phase(
      'reference',
      0,
      total,
      `Going on with the ${name}: ${begun.size} of ${total} pairs are there.`,
    );
  // What is there already is read back with the rest.
  const inMemory = fits && begun.size === 0;
  const memory = new Map<string, Float32Array>();
  try {
    const program = await compile();
    let msPerRow: number | null;
    try {
      msPerRow = yield* compute(
        run,
        pairs,
        begun,
        program,
        async (pair, states) => {
          if (inMemory) memory.set(pair, states);
          await writer?.add(pair, states);
        },
        stop,
      );
    } finally {
      await program.dispose();
    }
    if (msPerRow === null) return null;
    await writer?.finish(msPerRow);
    if (writer)
      yield phase('reference', total, total, `Kept the ${name} of ${total} pairs: ${inMib(bytes)}.`);
    if (inMemory)
      return cacheOf(
        layout,
        msPerRow,
        async (pair) => memory.get(pair) as Float32Array,
        async () => undefined,
      );
  } catch (error) {
    await writer?.abandon();
    throw error;
  } finally {
    await writer?.leave();
  }
  const written = await openHiddenStates(folder, key);
  return typeof written === 'object' ? cacheOf(layout, written.msPerRow, written.of, written.close) : null;
}

export const hiddenStateFolder = (cacheDir: string): string => join(cacheDir, 'states');
