/** Sampling and codes from the options of a command. */
import type { CodeChoice, Sampling } from '#core/generation.ts';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import { FacetError } from '#core/result.ts';
import { samplingSchema } from '#shared/policyEntities.ts';

export interface SamplingOptions {
  readonly maxTokens?: string;
  readonly temperature?: string;
  readonly topK?: string;
  readonly topP?: string;
  readonly minP?: string;
  readonly repetitionPenalty?: string;
  readonly stop: readonly string[];
  readonly seed?: string;
}

const NUMBERS = ['maxTokens', 'temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'seed'] as const;

/** Throws `cli.bad-setting` that names the option. */
export function samplingFrom(options: SamplingOptions): Sampling {
  const given = NUMBERS.flatMap((name) => {
    const text = options[name];
    return text === undefined ? [] : [[name, text.trim() === '' ? Number.NaN : Number(text)]];
  });
  const parsed = samplingSchema.safeParse({
    ...DEFAULT_SAMPLING,
    ...Object.fromEntries(given),
    stop: options.stop,
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FacetError({
    code: 'cli.bad-setting',
    message: `this option ${issue?.code === 'invalid_type' ? 'is not a number' : `is not valid: ${issue?.message}`}`,
    where: { field: issue?.path.join('.') ?? '' },
    fix: 'Correct that option; facet generate --help names them.',
  });
}

const badCodes = (text: string, reason: string): FacetError =>
  new FacetError({
    code: 'cli.bad-codes',
    message: `--codes ${text}: ${reason}`,
    fix: 'Write none, prior, one weight per code (0,1,0.5) or codes with their weights (3=1,7=0.5).',
    where: { field: 'codes' },
  });

/** `count` is the number of codes of the policy; null where it has none. Throws `cli.bad-codes`. */
export function codesFrom(text: string, count: number | null): CodeChoice {
  if (text === 'none' || text === 'prior') return { mode: text };
  if (count === null) throw badCodes(text, 'this policy has no codes to choose');
  const parts = text.split(',').map((part) => part.split('=').map((value) => value.trim()));
  const named = parts.every(({ length }) => length === 2);
  if (!named && !parts.every(({ length }) => length === 1)) throw badCodes(text, 'both forms are mixed');
  const weights = new Array<number>(named ? count : parts.length).fill(0);
  for (const [index, part] of parts.entries()) {
    const [code, weight] = named ? [Number(part[0]), part[1]] : [index, part[0]];
    if (!Number.isInteger(code) || code < 0 || code >= weights.length)
      throw badCodes(text, `there is no code ${part[0]}; the codes are 0 to ${count - 1}`);
    const value = weight === '' ? Number.NaN : Number(weight);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw badCodes(text, `${weight} is not a weight`);
    weights[code] = value;
  }
  if (weights.length !== count) throw badCodes(text, `${weights.length} weights for ${count} codes`);
  return { mode: 'weights', weights };
}
