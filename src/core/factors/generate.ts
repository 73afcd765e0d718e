/**
 * Preference pairs whose reasons are known. A factor is a behaviour that its prompts prefer; a prompt carries a cue of
 * its factor (where the question comes from). Pure function of the settings.
 */
import type { PreferencePair } from '../preference.ts';
import { type RandomSource, randomSource } from '../random.ts';
import { HELD_OUT_FACTORS } from './heldOutWording.ts';
import { FACTORS, type Factor, NEUTRAL, SITUATIONS, THEMES } from './wording.ts';

const ARRANGEMENTS = ['orthogonal', 'opposed'] as const;
/**
 * `orthogonal`: the preferred reply shows the factor's behaviour, the other none; one constant taste for all behaviours
 * satisfies every factor. `opposed`: the other reply shows the behaviour of another factor, drawn uniformly; what is
 * right for one factor is wrong for another, and a constant taste is right half the time.
 */
type Arrangement = (typeof ARRANGEMENTS)[number];

export interface FactorSettings {
  readonly arrangement: Arrangement;
  /** T, 2 … 8; with the held-out wording 2 … 4. */
  readonly factors: number;
  /** ρ: the cue shows the true factor with this probability, else one of the others, uniformly; null: no cue at all. */
  readonly cueStrength: number | null;
  /** ε: probability that the labels of a pair are exchanged. */
  readonly labelNoise: number;
  /** `held-out`: another wording of the same factors. Absent: the one that settings are chosen on. */
  readonly wording?: 'held-out';
  readonly pairs: number;
  readonly seed: number;
}

export interface FactorPair {
  readonly pair: PreferencePair;
  /** True factor, 0 … T − 1. */
  readonly factor: number;
  /** Factor that the prompt's cue shows; null without a cue. */
  readonly cue: number | null;
  /** Behaviour that the reply labelled as rejected shows, before noise; null where it shows none. */
  readonly other: number | null;
  /** Whether noise exchanged the labels. */
  readonly flipped: boolean;
}

/** Draws in a row that made a prompt which is there already, before the wording counts as exhausted. */
const MOST_REPEATS = 1000;

/** Uniform over 0 … count − 1 without `left`. */
function anotherThan(left: number, count: number, random: RandomSource): number {
  const drawn = random.integer(count - 1);
  return drawn < left ? drawn : drawn + 1;
}

const fill = (frame: string, word: string): string => frame.replace('*', word);

interface Topic {
  readonly question: string;
  readonly answer: string;
}

function topicOf(random: RandomSource): Topic {
  const theme = random.pick(THEMES);
  const thing = random.pick(theme.things);
  return {
    question: fill(random.pick(theme.questions), thing),
    answer: fill(random.pick(theme.answers), thing),
  };
}

/** The question with a cue's sentence, or another in its place, before or after it. */
function promptOf(
  wording: readonly Factor[],
  { question }: Topic,
  cue: number | null,
  random: RandomSource,
): string {
  const { cueFrames, cueWords } = wording[cue ?? 0]!;
  const setting =
    cue === null ? random.pick(SITUATIONS) : fill(random.pick(cueFrames), random.pick(cueWords));
  const sentence = setting.charAt(0).toUpperCase() + setting.slice(1);
  return random.uniform() < 0.5 ? `${sentence} ${question}` : `${question} ${sentence}`;
}

function replyOf(
  wording: readonly Factor[],
  { answer }: Topic,
  behaviour: number | null,
  random: RandomSource,
): string {
  const { leads, tails } = behaviour === null ? NEUTRAL : wording[behaviour]!;
  return `${random.pick(leads)} ${answer} ${random.pick(tails)}`;
}

const wordingOf = ({ wording }: Pick<FactorSettings, 'wording'>): readonly Factor[] =>
  wording === 'held-out' ? HELD_OUT_FACTORS : FACTORS;

function requireSettings(settings: FactorSettings): void {
  const { factors, cueStrength, labelNoise, pairs } = settings;
  const most = wordingOf(settings).length;
  if (!Number.isInteger(factors) || factors < 2 || factors > most)
    throw new RangeError(`factors must be 2 … ${most}, not ${factors}`);
  if (cueStrength !== null && !(cueStrength >= 0 && cueStrength <= 1))
    throw new RangeError(`cue strength must be 0 … 1 or null, not ${cueStrength}`);
  if (!(labelNoise >= 0 && labelNoise <= 1))
    throw new RangeError(`label noise must be 0 … 1, not ${labelNoise}`);
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new RangeError(`pairs must be a whole number, not ${pairs}`);
}

/** `settings.pairs` pairs, each with a prompt of its own, in random order of factors. Throws RangeError. */
export function factorPairs(settings: FactorSettings): FactorPair[] {
  requireSettings(settings);
  const { arrangement, factors, cueStrength, labelNoise, pairs, seed } = settings;
  const words = wordingOf(settings);
  const random = randomSource({ seed, stream: `factors.${arrangement}`, counter: factors });
  const made: FactorPair[] = [];
  const prompts = new Set<string>();
  for (let repeats = 0; made.length < pairs; ) {
    const factor = random.integer(factors);
    const cue =
      cueStrength === null
        ? null
        : random.uniform() < cueStrength
          ? factor
          : anotherThan(factor, factors, random);
    const topic = topicOf(random);
    const prompt = promptOf(words, topic, cue, random);
    const other = arrangement === 'opposed' ? anotherThan(factor, factors, random) : null;
    const replies = [replyOf(words, topic, factor, random), replyOf(words, topic, other, random)] as const;
    const flipped = random.uniform() < labelNoise;
    if (prompts.has(prompt)) {
      repeats += 1;
      if (repeats > MOST_REPEATS)
        throw new RangeError(`only ${made.length} different prompts can be written, not ${pairs}`);
      continue;
    }
    repeats = 0;
    prompts.add(prompt);
    const id = `factor-${String(made.length + 1).padStart(5, '0')}`;
    made.push({
      pair: {
        id,
        promptId: id,
        source: FACTORS[factor]!.name,
        aspect: null,
        messages: [{ role: 'user', content: prompt }],
        chosen: replies[flipped ? 1 : 0],
        rejected: replies[flipped ? 0 : 1],
      },
      factor,
      cue,
      other,
      flipped,
    });
  }
  return made;
}
