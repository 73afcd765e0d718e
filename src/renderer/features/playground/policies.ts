/** Which models and runs can be talked to. Pure. */
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Model, Run } from '#shared/entities.ts';

/** Has a checkpoint to talk to: ended whole, or left one behind. */
export const canTalk = ({ state, resumable, step }: Pick<Run, 'state' | 'resumable' | 'step'>): boolean =>
  state === 'finished' ||
  state === 'stopped' ||
  (step > 0 && (state === 'paused' || (state === 'failed' && resumable)));

/** A base model, or a run by one of its checkpoints: its last where none is named. */
export type Target =
  | { readonly modelId: number }
  | { readonly runId: number; readonly checkpoint?: CheckpointKind | undefined };

/** What answers beside it: the base model of what is talked to, another policy, or nothing. */
export type Beside = 'base' | Target | null;

export interface Policy {
  readonly model: Model;
  readonly run: Run | null;
  /** Of the run; its last where none is named. */
  readonly checkpoint?: CheckpointKind | undefined;
}

/** The policy that a target names; null where it, or the folder of its model, is gone. */
function named(target: Target, models: readonly Model[], runs: readonly Run[]): Policy | null {
  const here = (id: number | undefined) => models.find((model) => model.id === id && model.exists);
  if ('modelId' in target) {
    const model = here(target.modelId);
    return model ? { model, run: null } : null;
  }
  const run = runs.find(({ id }) => id === target.runId);
  const model = here(run?.modelId);
  return run && model ? { model, run, checkpoint: target.checkpoint } : null;
}

/** What the Playground talks to: as chosen, else the newest run, else the first model that is there. */
export function policyOf(
  target: Target | null,
  models: readonly Model[],
  runs: readonly Run[],
): Policy | null {
  const asked = target && named(target, models, runs);
  if (asked) return asked;
  const talking = runs.filter(canTalk).sort((a, b) => b.id - a.id);
  for (const { id } of talking) {
    const policy = named({ runId: id }, models, runs);
    if (policy) return policy;
  }
  const model = models.find(({ exists }) => exists);
  return model ? { model, run: null } : null;
}

/** What answers beside `policy`; null where nothing is to, or it is gone or the same. */
export function besideOf(
  beside: Beside,
  policy: Policy,
  models: readonly Model[],
  runs: readonly Run[],
): Policy | null {
  if (beside === null) return null;
  if (beside === 'base') return policy.run === null ? null : { model: policy.model, run: null };
  const found = named(beside, models, runs);
  return found && targetKey(found) !== targetKey(policy) ? found : null;
}

/** `run:3`, `run:3:best` or `model:1`: the last checkpoint is a run's own. */
export const targetKey = ({ model, run, checkpoint }: Policy): string =>
  run === null ? `model:${model.id}` : `run:${run.id}${checkpoint === 'best' ? ':best' : ''}`;

export function targetOf(key: string): Target {
  const [kind, id, checkpoint] = key.split(':');
  if (kind === 'model') return { modelId: Number(id) };
  return { runId: Number(id), ...(checkpoint === 'best' && { checkpoint }) };
}
