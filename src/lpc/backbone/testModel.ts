/** For tests: the real small model and its independently computed values, where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export const sharedDir = join(root, '..', 'shared');
export const storiesDir = join(sharedDir, 'models', 'stories260K');
export const hasStories = existsSync(join(storiesDir, 'golden.json'));
export const whyNoStories = `needs ${storiesDir}`;

export interface Golden {
  readonly encode: Readonly<Record<string, readonly number[]>>;
  readonly forward: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly last_hidden: readonly number[];
    readonly last_logits: readonly number[];
    readonly token_logprobs: readonly number[];
  }[];
}

export const readGolden = (): Golden =>
  JSON.parse(readFileSync(join(storiesDir, 'golden.json'), 'utf8')) as Golden;

export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] as number) - (expected[index] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
