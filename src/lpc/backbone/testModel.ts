/** For tests: the real small model, its independently computed values, and engines to run it on. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine } from '#compute/index.ts';
import type { Constant, NamedData, NamedSpecs, NamedTensors } from '#compute/program.ts';
import { unwrap } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import { absent } from '#disk/testNeeds.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Values made by other implementations, with the scripts that made them. */
export const goldenDir = join(root, 'tests', 'golden');
export const sharedDir = join(root, '..', 'shared');
export const storiesDir = join(sharedDir, 'models', 'stories260K');
/** Why tests on it are skipped; null where it is there. */
export const storiesMissing = absent(join(storiesDir, 'golden.json'));

/** SmolLM2-135M-Instruct, the first real width: a folder that the environment names, or the usual place. */
export const smolDir = process.env.FACET_TEST_SMOLLM2 ?? join(sharedDir, 'models', 'smollm2');
export const smolMissing = absent(join(smolDir, 'model.safetensors'));

export interface Golden {
  readonly encode: Readonly<Record<string, readonly number[]>>;
  readonly forward: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly last_hidden: readonly number[];
    readonly last_logits: readonly number[];
    readonly token_logprobs: readonly number[];
  }[];
  readonly greedy: readonly {
    readonly prompt: string;
    readonly ids: readonly number[];
    readonly text: string;
  }[];
}

export const readGolden = (): Golden =>
  JSON.parse(readFileSync(join(storiesDir, 'golden.json'), 'utf8')) as Golden;

/** Infinity where lengths differ, NaN where a value is. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] as number) - (expected[index] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

const specsOf = (inputs: NamedData): NamedSpecs =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, data]) => [
      name,
      { shape: [data.length], dtype: data instanceof Int32Array ? 'int32' : 'float32' },
    ]),
  );

/** Runs a function of 1-D inputs and constants once on an engine of its own. */
export async function runOnce(
  engineName: EngineName,
  inputs: NamedData,
  constants: Readonly<Record<string, Constant>>,
  build: (inputs: NamedTensors, constants: NamedTensors) => NamedTensors,
): Promise<NamedData> {
  const { engine } = unwrap(await createEngine(engineName));
  try {
    await engine.setConstants(constants);
    const program = await engine.compile({
      name: 'test',
      inputs: specsOf(inputs),
      state: [],
      constants: Object.keys(constants),
      build: (args) => ({ outputs: build(args.inputs, args.constants) }),
    });
    const outputs = await program.run(inputs);
    await program.dispose();
    return outputs;
  } finally {
    await engine.dispose();
  }
}
