/**
 * Dead codes are given another life: from time to time, a code that got less than 0.1 % of the mass takes the place of
 * a living one's neighbour. Its vector and its rows of the prior's and the posterior's output are copied from the living
 * code with a little noise, and their AdamW moments start at zero. Which code lives on in which follows from the seed.
 */
import type { Engine, NamedData, NamedSpecs, TensorData, TensorSpec } from '#compute/program.ts';
import { DEAD_CODE_SHARE } from '#core/codebook.ts';
import { randomSource } from '#core/random.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { firstMoment, secondMoment } from '../optimiser/adamw.ts';

/** Tensors with one row (or number) a code. */
const BY_CODE = [
  'codebook',
  'prior.output.weight',
  'prior.output.bias',
  'posterior.output.weight',
  'posterior.output.bias',
] as const;
/** Standard deviation of the noise, as a share of the tensor's root mean square. */
const NOISE_SHARE = 0.1;

/** Mass of every code over the prompts trained on since the last re-seeding. */
export interface CodeMass {
  readonly mass: readonly number[];
  readonly prompts: number;
}
export const noMass = (codes: number): CodeMass => ({ mass: new Array<number>(codes).fill(0), prompts: 0 });

/** Adds p(z|x) of a step's pairs, rows of K. */
export function addMass({ mass, prompts }: CodeMass, priors: Float32Array): CodeMass {
  const sum = [...mass];
  for (const [index, weight] of priors.entries()) sum[index % sum.length]! += weight;
  return { mass: sum, prompts: prompts + priors.length / sum.length };
}

export interface Reseeding {
  readonly dead: number;
  /** Living code that it now resembles. */
  readonly from: number;
}

/** Dead codes, each with a living one drawn by its mass. */
export function planReseeding({ mass, prompts }: CodeMass, seed: number, step: number): Reseeding[] {
  if (prompts === 0) return [];
  const isDead = (code: number): boolean => (mass[code] as number) / prompts < DEAD_CODE_SHARE;
  const codes = [...mass.keys()];
  const living = codes.filter((code) => !isDead(code));
  // With a thousand codes and more, an even spread leaves none above the bound: nothing is wrong then.
  if (living.length === 0) return [];
  const random = randomSource({ seed, stream: 'reseed', counter: step });
  const total = living.reduce((sum, code) => sum + (mass[code] as number), 0);
  return codes.filter(isDead).map((dead) => {
    let left = random.uniform() * total;
    const from = living.find((code) => {
      left -= mass[code] as number;
      return left <= 0;
    });
    return { dead, from: from ?? (living.at(-1) as number) };
  });
}

const rootMeanSquare = (values: TensorData): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
};

function reseeded(
  name: string,
  values: TensorData,
  plan: readonly Reseeding[],
  codes: number,
  key: { readonly seed: number; readonly step: number },
): TensorData {
  const width = values.length / codes;
  const random = randomSource({ seed: key.seed, stream: `reseed.${name}`, counter: key.step });
  const std = NOISE_SHARE * rootMeanSquare(values);
  const changed = values.slice() as TensorData;
  for (const { dead, from } of plan) {
    for (let index = 0; index < width; index++)
      changed[dead * width + index] = (values[from * width + index] as number) + std * random.normal();
  }
  return changed;
}

function rowsZeroed(values: TensorData, plan: readonly Reseeding[], codes: number): TensorData {
  const width = values.length / codes;
  const changed = values.slice() as TensorData;
  for (const { dead } of plan) changed.fill(0, dead * width, (dead + 1) * width);
  return changed;
}

/** Carries a plan out in the engine's state. `specs` of the run's parameters. */
export async function applyReseeding(
  engine: Engine,
  specs: NamedSpecs,
  { codes }: Pick<LatentConfig, 'codes'>,
  plan: readonly Reseeding[],
  key: { readonly seed: number; readonly step: number },
): Promise<void> {
  const byCode = BY_CODE.filter((name) => name in specs);
  const names = byCode.flatMap((name) => [name, firstMoment(name), secondMoment(name)]);
  const before: NamedData = await engine.getState(names);
  const changed = byCode.flatMap((name) => {
    const spec = specs[name] as TensorSpec;
    const value = (of: string): TensorData => before[of] as TensorData;
    return [
      [name, { spec, data: reseeded(name, value(name), plan, codes, key) }] as const,
      ...[firstMoment(name), secondMoment(name)].map(
        (moment) => [moment, { spec, data: rowsZeroed(value(moment), plan, codes) }] as const,
      ),
    ];
  });
  await engine.setState(Object.fromEntries(changed));
}

/** In words, for the run's notes. */
export function reseedingNote(step: number, plan: readonly Reseeding[]): string {
  const shown = plan.slice(0, 8).map(({ dead, from }) => `${dead} from ${from}`);
  const others = plan.length > shown.length ? ` and ${plan.length - shown.length} more` : '';
  return `Step ${step}: ${plan.length} dead ${plan.length === 1 ? 'code' : 'codes'} re-seeded (${shown.join(', ')}${others}).`;
}
