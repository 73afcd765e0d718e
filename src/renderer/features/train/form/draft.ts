/** A run's settings while they are typed: every value as text, so that a half-typed number is nothing special. */
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { runConfigSchema } from '#shared/entities.ts';
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
const DEFAULTS: Readonly<Record<string, string | number>> = textsOf(DEFAULT_RUN);

function textsOf(config: RunConfig): Record<string, string | number> {
  const { latent, ...plain } = config;
  const within = Object.entries(latent ?? DEFAULT_LATENT).map(([name, value]) => [`${LATENT}${name}`, value]);
  return { ...plain, ...Object.fromEntries(within) };
}

export function draftOf(config: RunConfig): Draft {
  const texts = Object.entries(textsOf(config)).map(([name, value]) => [name, String(value)]);
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

/** An empty or half-typed number becomes NaN, which the schema refuses. */
function readValue(name: string, text: string): string | number {
  if (typeof DEFAULTS[name] !== 'number') return text;
  const trimmed = text.trim().replace('−', '-');
  return trimmed === '' ? Number.NaN : Number(trimmed);
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
  if (config.warmupSteps > config.steps)
    problems.warmupSteps = `At most ${config.steps}: the warm-up can't outlast the run.`;
  return problems;
}
