/** A run's settings from command-line options: defaults, then named options, then `--set key=value`. */

import { FacetError } from '#core/result.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';

export interface SettingOptions {
  readonly objective?: string;
  readonly trainable?: string;
  readonly engine?: string;
  readonly steps?: string;
  readonly seed?: string;
  /** Commander's form of `--no-latent`. */
  readonly latent: boolean;
  readonly set: readonly string[];
}

type Settings = Record<string, unknown>;

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Puts `latent.codes=16` at its place; a part of the path that is not an object is refused by the schema later. */
function assign(settings: Settings, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) {
    throw new FacetError({
      code: 'cli.bad-setting',
      message: `--set ${assignment} is not key=value`,
      fix: 'Write it as --set learningRate=0.001 or --set latent.codes=16.',
    });
  }
  const keys = assignment.slice(0, at).split('.');
  const last = keys.pop() ?? '';
  let target = settings;
  for (const key of keys) {
    const inner = Object.hasOwn(target, key) ? target[key] : undefined;
    if (typeof inner !== 'object' || inner === null) {
      throw unknownSetting(assignment.slice(0, at));
    }
    target = inner as Settings;
  }
  if (!Object.hasOwn(target, last)) throw unknownSetting(assignment.slice(0, at));
  target[last] = parseValue(assignment.slice(at + 1));
}

const unknownSetting = (field: string) =>
  new FacetError({
    code: 'cli.bad-setting',
    message: `there is no setting ${field} in this run`,
    where: { field },
    fix: `Use one of ${Object.keys(DEFAULT_RUN).join(', ')}, or latent.KEY where the run has a latent.`,
  });

/** Throws `FacetError` that names the field. */
export function runConfigFrom(options: SettingOptions): RunConfig {
  const settings: Settings = structuredClone({ ...DEFAULT_RUN });
  if (!options.latent) settings.latent = null;
  for (const key of ['objective', 'trainable', 'engine'] as const) {
    if (options[key] !== undefined) settings[key] = options[key];
  }
  for (const key of ['steps', 'seed'] as const) {
    if (options[key] !== undefined) settings[key] = parseValue(options[key]);
  }
  for (const assignment of options.set) assign(settings, assignment);
  return checkedRunConfig(settings, 'Correct that setting; facet train --help names the common ones.');
}

/** Settings that the schema takes; throws `cli.bad-setting` with the first field that it doesn't. */
export function checkedRunConfig(settings: unknown, fix: string): RunConfig {
  const parsed = runConfigSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FacetError({
    code: 'cli.bad-setting',
    message: issue?.message ?? 'the settings are not valid',
    where: { field: issue?.path.join('.') ?? '' },
    fix,
  });
}
