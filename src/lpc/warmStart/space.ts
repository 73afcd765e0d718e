/** What of prompts and replies a fit sees: some leading directions of each. */
import type { LatentConfig } from '#core/runConfig.ts';
import { type Matrix, matrix, rowOf, times, timesTransposed } from './matrix.ts';
import type { Mixture, MixtureData } from './mixture.ts';
import { rewardDirections } from './rewardDirections.ts';

export interface SearchData extends MixtureData {
  /** Prompt of each pair: pairs of one prompt are set aside together. */
  readonly promptIds: readonly string[];
}

/** Whose fit is asked for. */
export interface Space {
  /** 1 where one taste for all prompts explains pairs set aside as well. */
  readonly codes: number;
  /** Leading directions of the prompt that the prior reads. */
  readonly promptDirections: number;
  /** Directions of the replies that codes are looked for along. */
  readonly rewardDirections: number;
}

/** Beside all that there are. */
const REWARD_DIRECTIONS: readonly number[] = [16];
const PROMPT_DIRECTIONS: readonly number[] = [4, 8, 16, 32, 64, 128, 256, 512];
/** Prompts for each direction that is read, at most and at least: more would tell any prompt from any other. */
const MOST_PROMPTS_EACH = 8;
const FEWEST_PROMPTS_EACH = 2;

/** Numbers of directions that are tried for so many prompts, the fewest first. */
function promptDirectionsTried({ prompts, promptIds }: SearchData): number[] {
  const count = new Set(promptIds).size;
  const whole = prompts.columns;
  const tried = PROMPT_DIRECTIONS.filter(
    (directions) =>
      directions < whole &&
      directions * FEWEST_PROMPTS_EACH <= count &&
      directions * MOST_PROMPTS_EACH >= count,
  );
  return whole * FEWEST_PROMPTS_EACH <= count || tried.length === 0 ? [...tried, whole] : tried;
}

/** All spaces that are tried; of one code first, which reads no prompt. */
export function spacesTried(data: SearchData, { codes }: LatentConfig): Space[] {
  const widest = data.differences.columns;
  const along = [...REWARD_DIRECTIONS.filter((directions) => directions < widest), widest];
  const of = (count: number, promptDirections: number): Space[] =>
    along.map((rewardDirections) => ({ codes: count, promptDirections, rewardDirections }));
  const several = promptDirectionsTried(data).flatMap((directions) => of(codes, directions));
  return codes === 1 ? of(1, 1) : [...of(1, 1), ...several];
}

export interface View {
  readonly data: MixtureData;
  /** (directions, r) */
  readonly basis: Matrix;
}

function leadingColumns(of: Matrix, count: number): Matrix {
  const taken = matrix(of.rows, count);
  for (let i = 0; i < of.rows; i++) rowOf(taken, i).set(rowOf(of, i).subarray(0, count));
  return taken;
}

/** The pairs as this space sees them; its directions follow from `training` alone. */
export function viewOf(training: MixtureData, { promptDirections, rewardDirections: count }: Space): View {
  const prompts = leadingColumns(training.prompts, promptDirections);
  const basis = rewardDirections({ prompts, differences: training.differences }, count);
  return { basis, data: { prompts, differences: timesTransposed(training.differences, basis) } };
}

/** The same in the directions of the data: further directions of the prompt weigh nothing. */
export function widened(mixture: Mixture, { basis }: View, columns: number): Mixture {
  const weight = matrix(mixture.weight.rows, columns);
  for (let k = 0; k < weight.rows; k++) rowOf(weight, k).set(rowOf(mixture.weight, k));
  return { ...mixture, weight, codes: times(mixture.codes, basis) };
}
