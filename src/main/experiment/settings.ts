/** Settings of cells: defaults, a design's suggestions, the user's options, and what makes a cell the one it is. */
import { isDeepStrictEqual } from 'node:util';
import { FacetError } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import type { SettingOptions } from '../cli/runSettings.ts';
import { checkedRunConfig, runConfigFrom } from '../cli/runSettings.ts';
import type { DesignInput, SettingChanges } from './types.ts';

/**
 * Test pairs are a file of their own, the same for all seeds, and are scored once at the end; the engine is named, so
 * that a repetition is one.
 */
const EXPERIMENT_RUN: RunConfig = { ...DEFAULT_RUN, heldOutShare: 0, evaluateEvery: 0, engine: 'onnx-cpu' };

/** What the options name, and no more. Throws `cli.bad-setting`, also for what every experiment fixes itself. */
export function userSettings(options: Omit<SettingOptions, 'latent' | 'seed'>): SettingChanges {
  const config = runConfigFrom({ ...options, latent: true });
  const given = options.set.map((assignment) => assignment.slice(0, assignment.indexOf('=')));
  const named = (['objective', 'trainable', 'engine', 'steps'] as const).filter(
    (key) => options[key] !== undefined,
  );
  const changes: Record<string, unknown> = {};
  const latent: Record<string, unknown> = {};
  for (const path of [...named, ...given]) {
    const [key = '', inner] = path.split('.');
    if (['seed', 'heldOutShare', 'evaluateEvery', 'latent'].includes(path)) throw fixed(path);
    if (key === 'latent' && inner) latent[inner] = config.latent?.[inner as keyof typeof config.latent];
    else changes[key] = config[key as keyof RunConfig];
  }
  return { ...changes, ...(Object.keys(latent).length > 0 && { latent }) };
}

const fixed = (field: string) =>
  new FacetError({
    code: 'experiment.fixed-setting',
    message: `${field} is set by the experiment itself`,
    where: { field },
    fix: 'Leave it out: --seeds gives the seeds, and the experiment itself decides which cells have codes.',
  });

const checked = (config: RunConfig): RunConfig => checkedRunConfig(config, 'Correct that setting.');

/** See `DesignInput.settings`. */
export function settingsUnder(user: SettingChanges): DesignInput['settings'] {
  return (seed, defining, suggested = {}) => {
    const { latent: suggestedLatent, ...suggestedRun } = suggested;
    const { latent: userLatent, ...userRun } = user;
    const { latent: definingLatent, ...definingRun } = defining;
    const latent =
      definingLatent === null
        ? null
        : { ...DEFAULT_LATENT, ...suggestedLatent, ...userLatent, ...definingLatent };
    const run = { ...EXPERIMENT_RUN, ...suggestedRun, ...userRun, ...definingRun, latent, seed };
    // The plain objective has no heads: beside heads over a backbone at rest it trains adapters.
    const trainable = latent === null && run.trainable === 'heads' ? 'lora' : run.trainable;
    return checked({ ...run, trainable });
  };
}

const valueAt = (config: RunConfig, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (at as Readonly<Record<string, unknown>> | null | undefined)?.[key],
    config,
  );

const leavesOf = (changes: SettingChanges): { path: readonly string[]; value: unknown }[] => {
  const { latent, ...run } = changes;
  const outer = Object.entries(run).map(([key, value]) => ({ path: [key], value }));
  const inner = Object.entries(latent ?? {}).map(([key, value]) => ({ path: ['latent', key], value }));
  return [...outer, ...inner];
};

/**
 * What of the user's settings only some of the cells follow, as lines for people. Throws `experiment.fixed-setting` for
 * one that none follows: a table that was computed without it would claim it in its command.
 */
export function settingsNotFollowed(
  user: SettingChanges,
  cells: readonly { readonly method: string; readonly config: RunConfig }[],
): string[] {
  if (cells.length === 0) return [];
  return leavesOf(user).flatMap(({ path, value }) => {
    const field = path.join('.');
    const others = cells.filter(({ config }) => !isDeepStrictEqual(valueAt(config, path), value));
    if (others.length === cells.length) throw fixed(field);
    const methods = [...new Set(others.map(({ method }) => method))];
    return others.length === 0
      ? []
      : [`${field}=${String(value)} doesn’t reach what defines it itself: ${methods.join(', ')}`];
  });
}
