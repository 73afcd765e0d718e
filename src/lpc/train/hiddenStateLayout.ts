/** Which hidden states of a pair are kept, and where they stand in a row's inputs. */
import type { NamedData } from '#compute/program.ts';
import { POOLINGS, type Pooling } from '#core/runConfig.ts';
import { type EncodedPair, encodedLength, replyTokens } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { pooledState } from '../programs/hiddenStatesProgram.ts';

interface Part {
  readonly name: string;
  /** What a program reads it as; null where no program of the run does. */
  readonly input: string | null;
  /** One vector of this, that of the rejected reply right after the chosen one's; or one a token, replies last. */
  readonly of: 'prompt' | 'chosen' | 'rejected' | 'tokens';
  /** Vectors of a pair. */
  vectors(pair: EncodedPair): number;
  /** Vectors that a row has room for. */
  room(shape: RowShape): number;
}

const perPair = (name: string, of: Part['of'], input: string | null = name): Part => ({
  name,
  input,
  of,
  vectors: () => 1,
  room: ({ pairs }) => pairs,
});
const PROMPT_INPUT = 'states.prompt';
const replies = (prefix: string): Part[] =>
  (['chosen', 'rejected'] as const).map((of) => perPair(`${prefix}.${of}`, of));

/** z at the head reads the states that predict the replies; z in the layers what enters the first injected block. */
const RESPONSES: Part = {
  name: 'states.responses',
  input: 'states.responses',
  of: 'tokens',
  vectors: replyTokens,
  room: ({ responses }) => responses,
};
const BELOW: Part = {
  name: 'states.below',
  input: 'states.below',
  of: 'tokens',
  vectors: encodedLength,
  room: ({ tokens }) => tokens,
};

export interface HiddenStateLayout {
  readonly hiddenSize: number;
  readonly parts: readonly Part[];
}

/** h_x is kept pooled in each way, so that runs which pool otherwise share a pass through the backbone; `pooling` is read. */
export const hiddenStateLayout = (
  hiddenSize: number,
  below: boolean,
  pooling: Pooling,
): HiddenStateLayout => ({
  hiddenSize,
  parts: [
    below ? BELOW : RESPONSES,
    ...POOLINGS.map((way) => perPair(pooledState(way), 'prompt', way === pooling ? PROMPT_INPUT : null)),
    ...replies('states'),
  ],
});

/** h_x and the features a(y) of both replies: what `featuresProgram` gives. */
export const featureLayout = (hiddenSize: number): HiddenStateLayout => ({
  hiddenSize,
  parts: [perPair('features.prompt', 'prompt'), ...replies('features')],
});

/** Numbers that a pair's states hold. */
export const hiddenStateSize = ({ hiddenSize, parts }: HiddenStateLayout, pair: EncodedPair): number =>
  parts.reduce((sum, part) => sum + part.vectors(pair), 0) * hiddenSize;

/** h_x of a pair, pooled as it is read: a part of its states. */
export function promptState(
  { hiddenSize, parts }: HiddenStateLayout,
  pair: EncodedPair,
  states: Float32Array,
): Float32Array {
  const place = parts.findIndex(({ input }) => input === PROMPT_INPUT);
  if (place < 0) throw new RangeError('these states hold no h_x');
  const start = parts.slice(0, place).reduce((sum, part) => sum + part.vectors(pair), 0) * hiddenSize;
  return states.slice(start, start + hiddenSize);
}

/** The states of a pair as those of its opposite, chosen and rejected exchanged. */
export function exchangedStates(
  { hiddenSize, parts }: HiddenStateLayout,
  pair: EncodedPair,
  states: Float32Array,
): Float32Array {
  const result = states.slice();
  let at = 0;
  /** Of two neighbours, so many vectors each, the second comes first. */
  const exchange = (first: number, second: number): void => {
    const [start, middle, end] = [at, at + first, at + first + second].map((place) => place * hiddenSize);
    result.set(states.subarray(middle, end), start);
    result.set(states.subarray(start, middle), (at + second) * hiddenSize);
  };
  for (const part of parts) {
    const count = part.vectors(pair);
    if (part.of === 'chosen') exchange(1, 1);
    if (part.of === 'tokens') {
      at += count - replyTokens(pair);
      exchange(pair.chosen.length, pair.rejected.length);
      at += replyTokens(pair);
    } else at += count;
  }
  return result;
}

/** A row's states by pair, all parts of a pair after one another. */
export function splitByPair(layout: HiddenStateLayout, row: PackedRow, outputs: NamedData): Float32Array[] {
  const { hiddenSize, parts } = layout;
  const next = parts.map(() => 0);
  return row.pairs.map((pair) => {
    const states = new Float32Array(hiddenStateSize(layout, pair));
    let written = 0;
    for (const [index, part] of parts.entries()) {
      const from = next[index] as number;
      const count = part.vectors(pair);
      const output = outputs[part.name] as Float32Array;
      states.set(output.subarray(from * hiddenSize, (from + count) * hiddenSize), written);
      written += count * hiddenSize;
      next[index] = from + count;
    }
    return states;
  });
}

/** The other way round: `hiddenStateInputs` of a row from the states of its pairs. */
export function inputsOfPairs(
  layout: HiddenStateLayout,
  row: PackedRow,
  states: readonly Float32Array[],
): Record<string, Float32Array<ArrayBuffer>> {
  const { hiddenSize, parts } = layout;
  const inputs: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const { input, room } of parts)
    if (input !== null) inputs[input] = new Float32Array(room(row.shape) * hiddenSize);
  const next = parts.map(() => 0);
  for (const [slot, pair] of row.pairs.entries()) {
    const known = states[slot] as Float32Array;
    let read = 0;
    for (const [index, part] of parts.entries()) {
      const from = next[index] as number;
      const count = part.vectors(pair) * hiddenSize;
      if (part.input !== null) inputs[part.input]?.set(known.subarray(read, read + count), from * hiddenSize);
      read += count;
      next[index] = from + part.vectors(pair);
    }
  }
  return inputs;
}
