/** A run's settings while they are typed: every value as text, so that a half-typed number is nothing special. */
import type { Suggestion } from '#core/result.ts';
import { runCautions } from '#core/runCautions.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { brokenRules, type RuleModel } from '#core/runRules.ts';
import { issueWords } from '#shared/issueWords.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';

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

export const isFieldName = (name: string): name is FieldName => Object.hasOwn(DEFAULTS, name);

/** The draft with a suggestion taken. */
export const withSuggestion = (draft: Draft, { field, value }: Suggestion): Draft =>
  isFieldName(field) ? withText(draft, field, String(value)) : draft;

export const withText = (draft: Draft, name: FieldName, text: string): Draft => ({
  ...draft,
  texts: { ...draft.texts, [name]: text },
});

export interface CheckedDraft {
  readonly config: RunConfig | null;
  /** What is wrong, by field. */
  readonly problems: Readonly<Partial<Record<FieldName, Problem>>>;
  /** What is allowed and most likely not meant, by field. */
  readonly cautions: Readonly<Partial<Record<FieldName, Problem>>>;
}

export interface Problem {
  readonly says: string;
  /** A change that would mend it. */
  readonly suggestion?: Suggestion;
}

/** Texts for which none stands where nothing is chosen. */
const NULLABLE_TEXTS: ReadonlySet<string> = new Set<PlainName>([
  'chatTemplate',
  'referenceModel',
  'startFrom',
]);

/** An empty or half-typed number becomes NaN, which the schema refuses; empty is allowed where null is a setting. */
function readValue(name: string, text: string): Value {
  const usual = DEFAULTS[name] ?? null;
  if (typeof usual === 'string') return text;
  if (NULLABLE_TEXTS.has(name)) return text === '' ? null : text;
  if (typeof usual === 'boolean') return text === 'true';
  if (Array.isArray(usual)) return text.split(',').filter((part) => part !== '');
  const trimmed = text.trim().replace('−', '-');
  if (trimmed !== '') return Number(trimmed);
  return usual === null ? null : Number.NaN;
}

/** The settings as the contract's schema reads them, or what stands in the way. */
export function checkDraft(draft: Draft, model: RuleModel = null): CheckedDraft {
  const plain: Record<string, unknown> = {};
  const latent: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(draft.texts)) {
    if (name.startsWith(LATENT)) latent[name.slice(LATENT.length)] = readValue(name, text);
    else plain[name] = readValue(name, text);
  }
  const parsed = runConfigSchema.safeParse({ ...plain, latent: draft.latent ? latent : null });
  const problems: Record<string, Problem> = {};
  for (const issue of parsed.error?.issues ?? [])
    problems[issue.path.join('.')] ??= { says: issueWords(issue) };
  for (const { message, fix, where, suggestion } of parsed.success ? brokenRules(parsed.data, model) : [])
    problems[where.field] = { says: `${message} ${fix}`, suggestion };
  const cautions = Object.fromEntries(
    (parsed.success ? runCautions(parsed.data, model) : []).map(({ field, message, suggestion }) => [
      field,
      { says: message, suggestion },
    ]),
  );
  const config = Object.keys(problems).length === 0 && parsed.success ? parsed.data : null;
  return { config, problems, cautions };
}
