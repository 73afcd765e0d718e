/** How replies are drawn, while it is typed: every value as text. Pure. */
import { DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { issueWords } from '#shared/issueWords.ts';
import { samplingSchema } from '#shared/policyEntities.ts';

const NUMBERS = [
  'temperature',
  'topK',
  'topP',
  'minP',
  'repetitionPenalty',
  'maxTokens',
  'seed',
  'samples',
] as const;
export type SamplingField = (typeof NUMBERS)[number] | 'stop';
export type SamplingDraft = Readonly<Record<SamplingField, string>>;

const MOST_SAMPLES = 16;
const SEEDS = 2 ** 32;

/** One string a line; `\n` and `\t` stand for a line break and a tab. */
const readStops = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));

const writeStops = (stop: readonly string[]): string =>
  stop.map((text) => text.replaceAll('\n', '\\n').replaceAll('\t', '\\t')).join('\n');

export const samplingDraftOf = (sampling: Sampling, samples = 1): SamplingDraft => ({
  temperature: String(sampling.temperature),
  topK: String(sampling.topK),
  topP: String(sampling.topP),
  minP: String(sampling.minP),
  repetitionPenalty: String(sampling.repetitionPenalty),
  maxTokens: String(sampling.maxTokens),
  seed: String(sampling.seed),
  samples: String(samples),
  stop: writeStops(sampling.stop),
});

export const STARTING_SAMPLING = samplingDraftOf(DEFAULT_SAMPLING);

export interface CheckedSampling {
  readonly request: { readonly sampling: Sampling; readonly samples: number } | null;
  readonly problems: Readonly<Partial<Record<SamplingField, string>>>;
}

const readNumber = (text: string): number => {
  const trimmed = text.trim().replace('−', '-').replace(',', '.');
  return trimmed === '' ? Number.NaN : Number(trimmed);
};

/** The settings as the contract reads them, or what stands in the way, by field. */
export function checkSampling(draft: SamplingDraft): CheckedSampling {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, readNumber(draft[name])]));
  const { samples = Number.NaN, ...drawn } = numbers;
  const parsed = samplingSchema.safeParse({ ...drawn, stop: readStops(draft.stop) });
  const problems: Partial<Record<SamplingField, string>> = {};
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]) as SamplingField;
    problems[name] ??= name === 'stop' ? 'At most 16 stop strings, please.' : issueWords(issue);
  }
  if (!Number.isInteger(samples) || samples < 1 || samples > MOST_SAMPLES)
    problems.samples = `A whole number from 1 to ${MOST_SAMPLES}, please.`;
  const request =
    parsed.success && problems.samples === undefined ? { sampling: parsed.data, samples } : null;
  return { request, problems };
}

/** A seed that was not in force before. */
export function otherSeed(seed: string, random: () => number = Math.random): string {
  const next = Math.floor(random() * SEEDS);
  return String(String(next) === seed.trim() ? (next + 1) % SEEDS : next);
}

/** The settings that differ from the usual ones, as chips: `temperature 0.7`, `seed 42`. */
export const samplingWords = ({ sampling, samples }: NonNullable<CheckedSampling['request']>): string[] => [
  sampling.temperature === 0 ? 'greedy' : `temperature ${sampling.temperature}`,
  `seed ${sampling.seed}`,
  ...(samples > 1 ? [`${samples} replies`] : []),
];
