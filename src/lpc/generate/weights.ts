/** The weights that a policy generates from, adapters merged into what they adapt: decoding then costs what the base does. */
import type { Constant, Engine, TensorSpec } from '#compute/program.ts';
import { blocksOf } from '#compute/stored/decode.ts';
import { tf } from '#compute/tf.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { loraNameA, loraNameB } from '../backbone/lora.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import type { EngineState } from '../train/checkpoint.ts';

const ADAPTED = /^lora\.(.+)\.a$/;

/** Modules that an adapter changes, by their names without `.weight`. */
const adaptedIn = (trained: EngineState): string[] =>
  Object.keys(trained).flatMap((name) => ADAPTED.exec(name)?.[1] ?? []);

/**
 * Adapted modules whose weights are held in blocks: the adapter stays beside them, since a sum with it would be as large
 * as floats.
 */
export const adaptedApart = (model: ModelFolder, trained: EngineState): string[] =>
  adaptedIn(trained).filter((target) => blocksOf(model.tensors[`${target}.weight`] as Constant) !== null);

/** W + (α/r)·B·A, one program a shape. */
async function merged(
  engine: Engine,
  scale: number,
  trained: EngineState,
  model: ModelFolder,
): Promise<Record<string, Constant>> {
  const result: Record<string, Constant> = {};
  const programs = new Map<string, Awaited<ReturnType<Engine['compile']>>>();
  try {
    const apart = new Set(adaptedApart(model, trained));
    for (const target of adaptedIn(trained).filter((name) => !apart.has(name))) {
      const name = `${target}.weight`;
      const base = model.tensors[name] as Constant;
      const [a, b] = [trained[loraNameA(target)]!, trained[loraNameB(target)]!];
      const inputs: Record<string, TensorSpec> = { w: base.spec, a: a.spec, b: b.spec };
      const key = JSON.stringify(inputs);
      let program = programs.get(key);
      if (!program) {
        program = await engine.compile({
          name: 'merge-adapter',
          inputs,
          state: [],
          constants: [],
          build: ({ inputs: { w, a: low, b: high } }) => ({
            outputs: { w: tf.add(w!, tf.mul(tf.matMul(high as never, low as never), scale)) },
          }),
        });
        programs.set(key, program);
      }
      const { w } = await program.run({ w: await readConstant(base), a: a.data, b: b.data });
      result[name] = { spec: base.spec, source: { kind: 'data', data: w! } };
    }
  } finally {
    for (const program of programs.values()) await program.dispose();
  }
  return result;
}

/** Every constant of generation by name: the backbone as trained, adapters that stay apart, and the heads. */
export async function policyConstants(
  engine: Engine,
  model: ModelFolder,
  run: RunConfig | null,
  trained: EngineState,
): Promise<Record<string, Constant>> {
  const apart = new Set(
    adaptedApart(model, trained).flatMap((target) => [loraNameA(target), loraNameB(target)]),
  );
  const own = Object.entries(trained).filter(([name]) => !name.startsWith('lora.') || apart.has(name));
  const direct = own.map(([name, { spec, data }]): [string, Constant] => [
    name,
    { spec, source: { kind: 'data', data } },
  ]);
  const adapted =
    run?.trainable === 'lora' ? await merged(engine, run.loraAlpha / run.loraRank, trained, model) : {};
  return { ...model.tensors, ...adapted, ...Object.fromEntries(direct) };
}
