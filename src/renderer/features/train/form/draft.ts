/** A run's settings while they are typed: every value as text, so that a half-typed number is nothing special. */
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';
import { issueWords } from './issueWords.ts';

type PlainName = Exclude<keyof RunConfig, 'latent'>;
type LatentName = keyof typeof DEFAULT_LATENT;
export type FieldName = PlainName | `latent.${LatentName}`;

export interface Draft {
  /** LPC on or off; the latent's fields keep their text while it is off. */
  readonly latent: boolean;
  readonly texts: Readonly<Record<FieldName, string>>;
}

const LATENT = 'latent.';
type Value = string | number | boolean | null | readonly string[];
const DEFAULTS: Readonly<Record<string, Value>> = valuesOf(DEFAULT_RUN);

function valuesOf(config: RunConfig): Record<string, Value> {
  const { latent, ...plain } = config;
  const within = Object.entries(latent ?? DEFAULT_LATENT).map(([name, value]) => [`${LATENT}${name}`, value]);
  return { ...plain, ...Object.fromEntries(within) };
}

/** Lists with commas between, nothing for null. */
const textOf = (value: Value): string =>
  value === null ? '' : Array.isArray(value) ? value.join(',') : String(value);

export function draftOf(config: RunConfig): Draft {
  const texts = Object.entries(valuesOf(config)).map(([name, value]) => [name, textOf(value)]);
  return { latent: config.latent !== null, texts: Object.fromEntries(texts) };
}

export const withText = (draft: Draft, name: FieldName, text: string): Draft => ({
  ...draft,
  texts: { ...draft.texts, [name]: text },
});

export interface CheckedDraft {
  readonly config: RunConfig | null;
  /** What is wrong, by field, in a sentence. */
  readonly problems: Readonly<Partial<Record<FieldName, string>>>;
}

/** An empty or half-typed number becomes NaN, which the schema refuses; empty is allowed where null is a setting. */
function readValue(name: string, text: string): Value {
  const usual = DEFAULTS[name] ?? null;
  if (typeof usual === 'string') return text;
  if (typeof usual === 'boolean') return text === 'true';
  if (Array.isArray(usual)) return text.split(',').filter((part) => part !== '');
  const trimmed = text.trim().replace('−', '-');
  if (trimmed !== '') return Number(trimmed);
  return usual === null ? null : Number.NaN;
}

/** The settings as the contract's schema reads them, or what stands in the way. */
export function checkDraft(draft: Draft): CheckedDraft {
  const plain: Record<string, unknown> = {};
  const latent: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(draft.texts)) {
    if (name.startsWith(LATENT)) latent[name.slice(LATENT.length)] = readValue(name, text);
    else plain[name] = readValue(name, text);
  }
  const parsed = runConfigSchema.safeParse({ ...plain, latent: draft.latent ? latent : null });
  const problems: Record<string, string> = {};
  for (const issue of parsed.error?.issues ?? []) problems[issue.path.join('.')] ??= issueWords(issue);
  const crossed = parsed.success ? crossProblems(parsed.data) : {};
  Object.assign(problems, crossed);
  return { config: Object.keys(problems).length === 0 && parsed.success ? parsed.data : null, problems };
}

/** What no single field can see. */
function crossProblems(config: RunConfig): Partial<Record<FieldName, string>> {
  const problems: Partial<Record<FieldName, string>> = {};
  if (config.latent === null && config.trainable === 'heads')
    problems.trainable = 'Heads exist only with LPC. Turn LPC on, or train LoRA or the full model.';
  if (config.epochs === null && config.warmupSteps > config.steps)
    problems.warmupSteps = `At most ${config.steps}: the warm-up can't outlast the run.`;
  if (config.earlyStoppingPatience > 0 && config.evaluateEvery === 0)
    problems.earlyStoppingPatience = 'Needs evaluations on the way: set how often above, or 0 here.';
  return problems;
}
