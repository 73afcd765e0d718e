/** Which hidden states of a pair are kept, and where they stand in a row's inputs. */
import type { NamedData } from '#compute/program.ts';
import { type EncodedPair, encodedLength } from '../packing/encode.ts';
import type { PackedRow } from '../packing/pack.ts';
import { type RowShape, replyTokens } from '../packing/shape.ts';

interface Part {
  readonly name: string;
  /** Vectors of a pair. */
  vectors(pair: EncodedPair): number;
  /** Vectors that a row has room for. */
  room(shape: RowShape): number;
}

const perPair = (name: string): Part => ({ name, vectors: () => 1, room: ({ pairs }) => pairs });
const PER_PAIR = ['states.prompt', 'states.chosen', 'states.rejected'].map(perPair);
/** z at the head reads the states that predict the replies; z in the layers what enters the first injected block. */
const RESPONSES: Part = {
  name: 'states.responses',
  vectors: replyTokens,
  room: ({ responses }) => responses,
};
const BELOW: Part = { name: 'states.below', vectors: encodedLength, room: ({ tokens }) => tokens };

export interface HiddenStateLayout {
  readonly hiddenSize: number;
  readonly parts: readonly Part[];
}

export const hiddenStateLayout = (hiddenSize: number, below: boolean): HiddenStateLayout => ({
  hiddenSize,
  parts: [below ? BELOW : RESPONSES, ...PER_PAIR],
});

/** h_x and the features a(y) of both replies: what `featuresProgram` gives. */
export const featureLayout = (hiddenSize: number): HiddenStateLayout => ({
  hiddenSize,
  parts: ['features.prompt', 'features.chosen', 'features.rejected'].map(perPair),
});

/** Numbers that a pair's states hold. */
export const hiddenStateSize = ({ hiddenSize, parts }: HiddenStateLayout, pair: EncodedPair): number =>
  parts.reduce((sum, part) => sum + part.vectors(pair), 0) * hiddenSize;

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
  for (const part of parts) inputs[part.name] = new Float32Array(part.room(row.shape) * hiddenSize);
  const next = parts.map(() => 0);
  for (const [slot, pair] of row.pairs.entries()) {
    const known = states[slot] as Float32Array;
    let read = 0;
    for (const [index, part] of parts.entries()) {
      const from = next[index] as number;
      const count = part.vectors(pair) * hiddenSize;
      inputs[part.name]?.set(known.subarray(read, read + count), from * hiddenSize);
      read += count;
      next[index] = from + part.vectors(pair);
    }
  }
  return inputs;
}
