/** Documents packed into rows of a fixed number of tokens for language modelling. */
import type { NamedData, NamedSpecs } from '#compute/program.ts';

/** Inputs of one row of T tokens: what the backbone reads, and the token after each with its weight (0: none). */
export const textRowSpecs = (tokens: number): NamedSpecs => ({
  tokens: { shape: [tokens], dtype: 'int32' },
  positions: { shape: [tokens], dtype: 'int32' },
  pairOf: { shape: [tokens], dtype: 'int32' },
  branch: { shape: [tokens], dtype: 'int32' },
  targets: { shape: [tokens], dtype: 'int32' },
  targetWeight: { shape: [tokens], dtype: 'float32' },
});

/** One document a slot; documents see themselves only, positions start at 0 in each, what is left over is padding. */
export function textRow(documents: readonly (readonly number[])[], rowTokens: number): NamedData {
  const tokens = new Int32Array(rowTokens);
  const positions = new Int32Array(rowTokens);
  const pairOf = new Int32Array(rowTokens).fill(-1);
  const targets = new Int32Array(rowTokens);
  const targetWeight = new Float32Array(rowTokens);
  let at = 0;
  for (const [slot, document] of documents.entries()) {
    if (at + document.length > rowTokens) throw new RangeError(`row of ${rowTokens} tokens is too short`);
    for (const [position, token] of document.entries()) {
      tokens[at] = token;
      positions[at] = position;
      pairOf[at] = slot;
      const next = document[position + 1];
      if (next !== undefined) {
        targets[at] = next;
        targetWeight[at] = 1;
      }
      at += 1;
    }
  }
  return { tokens, positions, pairOf, branch: new Int32Array(rowTokens), targets, targetWeight };
}

/** Rows in the order of the documents; a row is full when the next document does not fit. */
export function* packText(documents: Iterable<readonly number[]>, rowTokens: number): Generator<NamedData> {
  let waiting: (readonly number[])[] = [];
  let used = 0;
  for (const whole of documents) {
    const document = whole.slice(0, rowTokens);
    if (used + document.length > rowTokens) {
      yield textRow(waiting, rowTokens);
      waiting = [];
      used = 0;
    }
    waiting.push(document);
    used += document.length;
  }
  if (waiting.length > 0) yield textRow(waiting, rowTokens);
}
