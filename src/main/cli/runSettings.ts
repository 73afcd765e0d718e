/** A run's settings from command-line options: a preset, then named options, then `--set key=value`. */

import { resolve } from 'node:path';
import { CHAT_TEMPLATES, isChatTemplateName } from '#core/chatTemplates.ts';
import { OBJECTIVES } from '#core/methods.ts';
import { firstBeta, PRESET_RUNS, type PresetName, presetSteps, STARTING_PRESET_NAME } from '#core/presets.ts';
import { FacetError } from '#core/result.ts';
import { runCautions } from '#core/runCautions.ts';
import { DEFAULT_RUN, type RunConfig, TRAINABLE } from '#core/runConfig.ts';
import { brokenRules, type RuleModel } from '#core/runRules.ts';
import { readTextSync } from '#disk/readText.ts';
import { issueWords } from '#shared/issueWords.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';

export interface SettingOptions {
  readonly preset?: PresetName;
  readonly objective?: string;
  readonly trainable?: string;
  readonly engine?: string;
  readonly weights?: string;
  readonly chatTemplate?: string;
  readonly from?: string;
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

/** As a model folder's file may have. */
const MOST_TEMPLATE_BYTES = 1024 ** 2;

/** A template's name, or the text of the file that holds one. */
function templateFrom(given: string): string {
  if (isChatTemplateName(given)) return given;
  try {
    return readTextSync(resolve(given), MOST_TEMPLATE_BYTES);
  } catch (error) {
    throw new FacetError(
      {
        code: 'cli.no-template',
        message: `--chat-template ${given} is neither a template's name nor a file that can be read`,
        fix: `Use one of ${CHAT_TEMPLATES.join(', ')}, or the path of a Jinja file.`,
        where: { field: 'chatTemplate' },
      },
      { cause: error },
    );
  }
}

/** What a run starts from: the number of an earlier one, `3` or `3@best`, or an adapter's folder. */
const startFrom = (given: string): string => (/^\d+(@best)?$/.test(given) ? `run:${given}` : resolve(given));

/** Throws `FacetError` that names the field. */
export function runConfigFrom(options: SettingOptions): RunConfig {
  const preset = PRESET_RUNS[options.preset ?? STARTING_PRESET_NAME];
  const settings: Settings = structuredClone({ ...preset });
  const trainable = TRAINABLE.find((part) => part === options.trainable) ?? preset.trainable;
  settings.steps = presetSteps(preset, trainable);
  if (!options.latent) settings.latent = null;
  const objective = OBJECTIVES.find((name) => name === options.objective);
  if (objective) settings.beta = firstBeta(objective, preset.latent?.warmStart ?? false);
  for (const key of ['objective', 'trainable', 'engine', 'weights'] as const) {
    if (options[key] !== undefined) settings[key] = options[key];
  }
  for (const key of ['steps', 'seed'] as const) {
    if (options[key] !== undefined) settings[key] = parseValue(options[key]);
  }
  if (options.chatTemplate !== undefined) settings.chatTemplate = templateFrom(options.chatTemplate);
  if (options.from !== undefined) settings.startFrom = startFrom(options.from);
  for (const assignment of options.set) assign(settings, assignment);
  return checkedRunConfig(settings, 'Correct that setting; facet train --help names the common ones.');
}

const OWN_FLAGS: Readonly<Record<string, string>> = {
  objective: '--objective',
  trainable: '--trainable',
  engine: '--engine',
  steps: '--steps',
  seed: '--seed',
  weights: '--weights',
  chatTemplate: '--chat-template',
  startFrom: '--from',
};

/** How a setting is written in the shell: `--steps 100`, `--set evaluateEvery=50`. */
const asFlag = (field: string, value: unknown): string => {
  const own = OWN_FLAGS[field];
  return own === undefined ? `--set ${field}=${value}` : `${own} ${value}`;
};

/** What is allowed and most likely not meant, as the form says it, with the flag that would mend it. */
export const cautionLines = (config: RunConfig, model: RuleModel): string[] =>
  runCautions(config, model).map(
    ({ field, message, suggestion }) =>
      `caution: ${OWN_FLAGS[field] ?? `--set ${field}`}: ${message} Usual: ${asFlag(suggestion.field, suggestion.value)}`,
  );

/**
 * Settings that the schema takes and that keep the rules between settings; throws the first that does not, by its flag:
 * `cli.bad-setting` or the rule's own code.
 */
export function checkedRunConfig(settings: unknown, fix: string): RunConfig {
  const parsed = runConfigSchema.safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new FacetError({
      code: 'cli.bad-setting',
      message: `${OWN_FLAGS[field] ?? `--set ${field}`}: ${issue ? issueWords(issue) : 'the settings are not valid.'}`,
      where: { field },
      fix,
    });
  }
  const [broken] = brokenRules(parsed.data);
  if (broken) {
    const { field, value } = broken.suggestion;
    throw new FacetError({
      ...broken,
      message: `${OWN_FLAGS[broken.where.field] ?? `--set ${broken.where.field}`}: ${broken.message}`,
      fix: `${broken.fix} For example: ${asFlag(field, value)}`,
    });
  }
  return parsed.data;
}
