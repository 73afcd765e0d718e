/** Which models and runs can be talked to. Pure. */
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Model, Run } from '#shared/entities.ts';
import type { PlaygroundState } from './playgroundStore.ts';

/** Has a checkpoint to talk to: ended whole, or left one behind. */
export const canTalk = ({ state, resumable, step }: Pick<Run, 'state' | 'resumable' | 'step'>): boolean =>
  state === 'finished' ||
  state === 'stopped' ||
  (step > 0 && (state === 'paused' || (state === 'failed' && resumable)));

export interface Policy {
  readonly model: Model;
  readonly run: Run | null;
  /** Of the run; its last where none is named. */
  readonly checkpoint?: CheckpointKind | undefined;
}

/** What the Playground talks to: as chosen, else the newest run, else the first model that is there. */
export function policyOf(
  target: PlaygroundState['target'],
  models: readonly Model[],
  runs: readonly Run[],
): Policy | null {
  const here = models.filter(({ exists }) => exists);
  const ofRun = (run: Run | undefined, checkpoint?: CheckpointKind): Policy | null => {
    const model = run && here.find(({ id }) => id === run.modelId);
    return run && model ? { model, run, checkpoint } : null;
  };
  const ofModel = (model: Model | undefined): Policy | null => (model ? { model, run: null } : null);
  if (target !== null && 'runId' in target) {
    const asked = ofRun(
      runs.find(({ id }) => id === target.runId),
      target.checkpoint,
    );
    if (asked) return asked;
  }
  if (target !== null && 'modelId' in target) {
    const asked = ofModel(here.find(({ id }) => id === target.modelId));
    if (asked) return asked;
  }
  const talking = runs.filter(canTalk).sort((a, b) => b.id - a.id);
  for (const run of talking) {
    const policy = ofRun(run);
    if (policy) return policy;
  }
  return ofModel(here[0]);
}
