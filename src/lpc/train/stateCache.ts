/**
 * Hidden states of a backbone at rest, computed once: while heads alone train, a step then costs the heads and the LM
 * head, and no pass through the backbone.
 */
import type { NamedData } from '#compute/program.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import { type RowShape, replyTokens } from '../packing/shape.ts';
import { eachWithProgress } from './phases.ts';
import type { ReadyProgram } from './programs.ts';

/** More than this is computed anew in every step instead. */
const MOST_BYTES = 1024 ** 3;
const FLOAT_BYTES = 4;
const PER_PAIR = ['states.prompt', 'states.chosen', 'states.rejected'] as const;

type PairStates = Readonly<Record<'states.responses' | (typeof PER_PAIR)[number], Float32Array>>;

export interface StateCache {
  /** Milliseconds that a row took through the backbone, on average. */
  readonly msPerRow: number;
  /** `stateInputs` of a row, whichever pairs share it. */
  inputsOf(row: PackedRow): NamedData;
}

/** Bytes of the states of these pairs: one vector a reply token, and h_x, h_w, h_l. */
export const stateBytes = (encoded: readonly EncodedPair[], hiddenSize: number): number =>
  encoded.reduce((sum, pair) => sum + replyTokens(pair) + PER_PAIR.length, 0) * hiddenSize * FLOAT_BYTES;

/** Worth it where pairs come up more than once, and where memory holds them. */
export function cachesStates(
  encoded: readonly EncodedPair[],
  hiddenSize: number,
  headsSteps: number,
  stepsPerEpoch: number,
): boolean {
  return headsSteps > stepsPerEpoch && stateBytes(encoded, hiddenSize) <= MOST_BYTES;
}

function takeApart(row: PackedRow, outputs: NamedData, hiddenSize: number): PairStates[] {
  let slot = 0;
  return row.pairs.map((pair, index) => {
    const vectors = (name: string, from: number, count: number): Float32Array =>
      (outputs[name] as Float32Array).slice(from * hiddenSize, (from + count) * hiddenSize);
    const count = replyTokens(pair);
    const responses = vectors('states.responses', slot, count);
    slot += count;
    return {
      'states.responses': responses,
      'states.prompt': vectors('states.prompt', index, 1),
      'states.chosen': vectors('states.chosen', index, 1),
      'states.rejected': vectors('states.rejected', index, 1),
    };
  });
}

/** Runs the states program over all pairs; null when asked to stop before it was through. */
export async function* computeStates(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  hiddenSize: number,
  program: ReadyProgram,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, StateCache | null> {
  const states = new Map<EncodedPair, PairStates>();
  const readRow = async (row: PackedRow): Promise<void> => {
    const apart = takeApart(row, await program.run(row.inputs), hiddenSize);
    for (const [index, pair] of row.pairs.entries()) states.set(pair, apart[index] as PairStates);
  };
  const rows = packRows(encoded, shape);
  const startedMs = performance.now();
  const { complete } = yield* eachWithProgress('reference', rows, readRow, stop);
  if (!complete) return null;
  const msPerRow = (performance.now() - startedMs) / rows.length;
  return {
    msPerRow,
    inputsOf(row) {
      const inputs: Record<string, Float32Array<ArrayBuffer>> = {
        'states.responses': new Float32Array(shape.responses * hiddenSize),
      };
      for (const name of PER_PAIR) inputs[name] = new Float32Array(shape.pairs * hiddenSize);
      let slot = 0;
      for (const [index, pair] of row.pairs.entries()) {
        const known = states.get(pair);
        if (!known) throw new RangeError(`no states of pair ${pair.pairId}`);
        inputs['states.responses']?.set(known['states.responses'], slot * hiddenSize);
        slot += replyTokens(pair);
        for (const name of PER_PAIR) inputs[name]?.set(known[name], index * hiddenSize);
      }
      return inputs;
    },
  };
}
