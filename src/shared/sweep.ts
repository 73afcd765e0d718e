/** Sweeps: one or two settings over values, times seeds, as a group of runs in the queue. Pure. */
import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { brokenRules, type RuleModel } from '#core/runRules.ts';
import { issueWords } from './issueWords.ts';
import { runConfigSchema } from './runConfigSchema.ts';

const MOST_SWEPT_RUNS = 200;
const MOST_SWEPT = 2;

const sweepValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export const sweepAxisSchema = z.object({
  /** As the form and the shell name it: `learningRate`, `latent.codes`. */
  field: z.string(),
  values: z.array(sweepValueSchema).min(1).max(MOST_SWEPT_RUNS),
});
export type SweepValue = z.infer<typeof sweepValueSchema>;
export type SweepAxis = z.infer<typeof sweepAxisSchema>;

const LATENT = 'latent.';
/** Settings that have one value each; seeds are given beside them. */
export const SWEPT_FIELDS: readonly string[] = [
  ...Object.keys(DEFAULT_RUN).filter((name) => !['latent', 'loraTargets', 'seed', 'engine'].includes(name)),
  ...Object.keys(DEFAULT_LATENT).map((name) => `${LATENT}${name}`),
];

const refused = (code: string, field: string, message: string, fix: string): FacetError =>
  new FacetError({ code: `sweep.${code}`, message, fix, where: { field } });

export const valueAt = (config: RunConfig, field: string): SweepValue =>
  (field.startsWith(LATENT)
    ? (config.latent?.[field.slice(LATENT.length) as keyof typeof DEFAULT_LATENT] ?? null)
    : config[field as keyof RunConfig]) as SweepValue;

function withValue(config: RunConfig, field: string, value: SweepValue): unknown {
  if (!field.startsWith(LATENT)) return { ...config, [field]: value };
  return { ...config, latent: { ...config.latent, [field.slice(LATENT.length)]: value } };
}

function readValue(text: string): SweepValue {
  try {
    return sweepValueSchema.parse(JSON.parse(text));
  } catch {
    return text;
  }
}

const RANGE = /^(\S+?)\.\.(\S+?):(\d+)(?::(lin|log))?$/;
const HOW =
  'Write values with commas, 0.001,0.003, or a range with its number of values, 0.0001..0.01:5:log.';

/** Evenly spaced, or by a constant factor; both ends included. Whole numbers where the setting takes no others. */
function rangeValues(field: string, [, low, high, count, scale]: readonly string[]): number[] {
  const [from, to, steps] = [Number(low), Number(high), Number(count)];
  if (!Number.isFinite(from) || !Number.isFinite(to))
    throw refused('bad-range', field, `${field}: ${low}..${high} is no range of numbers.`, HOW);
  if (steps < 2 || steps > MOST_SWEPT_RUNS)
    throw refused(
      'bad-range',
      field,
      `${field}: a range has 2 to ${MOST_SWEPT_RUNS} values, not ${count}.`,
      HOW,
    );
  if (scale === 'log' && (from <= 0 || to <= 0))
    throw refused(
      'bad-range',
      field,
      `${field}: a logarithmic range begins and ends above 0.`,
      'Use lin, or ends above 0.',
    );
  const whole = takesWhole(field);
  return Array.from({ length: steps }, (_, index) => {
    const share = index / (steps - 1);
    const value = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
    return whole ? Math.round(value) : Number(value.toPrecision(6));
  });
}

/** Whether the setting takes whole numbers alone. */
function takesWhole(field: string): boolean {
  const { error } = runConfigSchema.safeParse(withValue(DEFAULT_RUN, field, 1.5));
  return error?.issues.some((issue) => 'expected' in issue && issue.expected === 'int') ?? false;
}

/** `0.001,0.003`, or `0.0001..0.01:5:log`. Throws `sweep.unknown-setting`, `sweep.no-values`, `sweep.bad-range`, `sweep.twice`. */
export function readAxis(field: string, text: string): SweepAxis {
  if (!SWEPT_FIELDS.includes(field)) throw unknown(field);
  const trimmed = text.trim();
  if (trimmed === '') throw refused('no-values', field, `${field} has no values to try.`, HOW);
  const range = RANGE.exec(trimmed);
  const values = range ? rangeValues(field, range) : trimmed.split(',').map((part) => readValue(part.trim()));
  if (values.some((value) => value === ''))
    throw refused('no-values', field, `${field}: a value is missing between two commas.`, HOW);
  const twice = values.find((value, place) => values.indexOf(value) !== place);
  if (twice !== undefined)
    throw refused(
      'twice',
      field,
      `${field} has the value ${twice} twice.`,
      'Give each value once; more seeds try it again.',
    );
  return { field, values };
}

function unknown(field: string): FacetError {
  if (field === 'seed')
    return refused(
      'unknown-setting',
      field,
      'Seeds are no setting to sweep.',
      'Give them beside: seeds 1, 2, 3.',
    );
  const known = SWEPT_FIELDS.find((name) => name.toLowerCase().endsWith(field.toLowerCase()) && field !== '');
  return refused(
    'unknown-setting',
    field,
    `There is no setting ${field} to sweep.`,
    known === undefined ? `Use one of ${SWEPT_FIELDS.join(', ')}.` : `Did you mean ${known}?`,
  );
}

/** `1,2,3` or `1..5`. Throws `sweep.bad-seeds`. */
export function readSeeds(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim());
  const [from, to] = range ? [Number(range[1]), Number(range[2])] : [0, -1];
  const seeds = range
    ? Array.from(
        { length: Math.max(0, Math.min(to - from, MOST_SWEPT_RUNS) + 1) },
        (_, index) => from + index,
      )
    : text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  const valid = seeds.length > 0 && seeds.every((seed) => seed <= 0xffff_ffff);
  if (valid && new Set(seeds).size === seeds.length) return seeds;
  throw refused(
    'bad-seeds',
    'seed',
    `“${text}” are no seeds.`,
    'Write different whole numbers with commas, 1,2,3, or as 1..5.',
  );
}

export interface PlannedRun {
  readonly config: RunConfig;
  /** `learningRate 0.001, seed 2`. */
  readonly words: string;
}

const valueWords = (value: SweepValue): string => (value === null ? 'none' : String(value));

function checked(settings: unknown, words: string, field: string, model: RuleModel): RunConfig {
  const parsed = runConfigSchema.safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(
      'bad-value',
      field,
      `${words}: ${issue ? issueWords(issue) : 'not valid.'}`,
      'Change or leave out that value.',
    );
  }
  const [broken] = brokenRules(parsed.data, model);
  if (broken) throw refused('bad-value', field, `${words}: ${broken.message}`, broken.fix);
  return parsed.data;
}

/** Each setting's values with each other and with each seed: seeds of one setting follow one another. Throws `sweep.*`. */
export function planRuns(
  config: RunConfig,
  axes: readonly SweepAxis[],
  seeds: readonly number[],
  model: RuleModel = null,
): PlannedRun[] {
  const fields = axes.map(({ field }) => field);
  const field = fields[0] ?? '';
  if (axes.length < 1 || axes.length > MOST_SWEPT || new Set(fields).size !== fields.length)
    throw refused(
      'bad-axes',
      field,
      'A sweep is over one setting, or over two different ones.',
      'Name one or two.',
    );
  if (seeds.length === 0) throw refused('bad-seeds', 'seed', 'A sweep has no seed.', 'Give one or more.');
  const count = axes.reduce((product, { values }) => product * values.length, seeds.length);
  if (count > MOST_SWEPT_RUNS)
    throw refused(
      'too-many',
      field,
      `That would be ${count.toLocaleString('en-US')} runs.`,
      `Give fewer values or seeds: ${MOST_SWEPT_RUNS} runs at most.`,
    );
  if (count < 2)
    throw refused(
      'one-run',
      field,
      'That would be a single run.',
      'Give several values or seeds, or start it as a run.',
    );
  for (const name of fields) {
    if (!SWEPT_FIELDS.includes(name)) throw unknown(name);
    if (name.startsWith(LATENT) && config.latent === null)
      throw refused(
        'no-latent',
        name,
        `${name} has no effect: these settings have no latent.`,
        'Turn the latent on, or sweep another setting.',
      );
  }
  let settings: { config: RunConfig; words: string[] }[] = [{ config, words: [] }];
  for (const axis of axes)
    settings = settings.flatMap((one) =>
      axis.values.map((value) => {
        const words = [...one.words, `${axis.field} ${valueWords(value)}`];
        return {
          config: checked(withValue(one.config, axis.field, value), words.join(', '), axis.field, model),
          words,
        };
      }),
    );
  return settings.flatMap(({ config: own, words }) =>
    seeds.map((seed) => ({ config: { ...own, seed }, words: [...words, `seed ${seed}`].join(', ') })),
  );
}
