/** Runs in words: what a run is, where it stands. Pure. */

import { codesOf, hasPosterior, methodName } from '#core/methods.ts';
import type { RunConfig, Trainable } from '#core/runConfig.ts';
import type { PhaseFrame } from '#core/runFrames.ts';
import type { Run } from '#shared/entities.ts';
import type { Tone } from '../../components/Chip.tsx';
import { formatDuration } from '../../format.ts';

export function trainableName({ trainable, loraRank }: Pick<RunConfig, 'trainable' | 'loraRank'>): string {
  const names: Readonly<Record<Trainable, string>> = {
    heads: 'heads only',
    lora: `LoRA ${loraRank}`,
    full: 'full model',
  };
  return names[trainable];
}

/** `LPC-DPO · K 32 · λ 0.05`, `DPO + Gaussian latent · λ 0.05`, `DPO · seed 1`. */
export function configLine(config: RunConfig): string {
  const codes = codesOf(config);
  return [
    methodName(config),
    ...(codes === null ? [] : [`K ${codes}`]),
    hasPosterior(config) ? `λ ${config.latent?.klWeight}` : `seed ${config.seed}`,
  ].join(' · ');
}

export const isActive = ({ state }: Pick<Run, 'state'>): boolean =>
  state === 'running' || state === 'stopping' || state === 'pausing';

export const STATE_WORDS: Readonly<Record<Run['state'], { readonly label: string; readonly tone: Tone }>> = {
  running: { label: 'Running', tone: 'accent' },
  stopping: { label: 'Stopping', tone: 'warn' },
  pausing: { label: 'Pausing', tone: 'warn' },
  paused: { label: 'Paused', tone: 'plain' },
  finished: { label: 'Finished', tone: 'good' },
  stopped: { label: 'Stopped, saved', tone: 'plain' },
  failed: { label: 'Failed', tone: 'bad' },
};

export const PHASE_WORDS: Readonly<Record<PhaseFrame['phase'], string>> = {
  load: 'Reading the model',
  tokenise: 'Tokenising the pairs',
  reference: 'Reference log-probabilities',
  'warm-start': 'Finding codes to begin with',
  compile: 'Compiling the training step',
  train: 'Training',
  evaluate: 'Evaluating on held-out pairs',
  causes: 'Forcing codes',
  codes: 'Reading the codes of every prompt',
  save: 'Saving',
  generate: 'Drawing replies',
};

/** Where a run stands that did not end by itself: `Paused, can be resumed`. */
export const restWords = (run: Pick<Run, 'state' | 'resumable'>): string =>
  run.resumable && !isActive(run) && run.state !== 'paused'
    ? `${STATE_WORDS[run.state].label}, can be resumed`
    : STATE_WORDS[run.state].label;

/** A dash where no time is known. */
export const timeWords = (durationMs: number | null | undefined): string =>
  durationMs === null || durationMs === undefined || !Number.isFinite(durationMs) || durationMs < 0
    ? '–'
    : formatDuration(durationMs);

export const runDurationMs = (run: Pick<Run, 'startedAt' | 'endedAt'>): number | null =>
  run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);

/** The plain run that differs from `run` by the latent alone, where one was made and is whole. */
export function baselineOf(runs: readonly Run[], run: Run, baseline: RunConfig): Run | null {
  const wanted = JSON.stringify([run.modelId, run.selection, sorted(baseline)]);
  return (
    runs.find(
      (other) =>
        other.id !== run.id &&
        other.state !== 'failed' &&
        JSON.stringify([other.modelId, other.selection, sorted(other.config)]) === wanted,
    ) ?? null
  );
}

const sorted = (config: RunConfig) => Object.entries(config).sort(([a], [b]) => a.localeCompare(b));
