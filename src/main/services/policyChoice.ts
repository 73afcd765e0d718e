import { FacetError } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import type { PolicyChoice } from '#shared/policyEntities.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointOf } from './runCheckpoint.ts';

/** A policy as jobs take it. */
export interface ChosenPolicy {
  /** The run's name, or the base model's. */
  readonly name: string;
  readonly modelName: string;
  readonly modelDir: string;
  readonly checkpointDir: string | null;
  readonly engine: EngineChoice;
}

/** Throws `models.unknown`, `models.gone`, `runs.unknown`, `runs.no-checkpoint`. */
export function chosenPolicy(
  project: OpenProject,
  models: ModelService,
  { modelId, runId, checkpoint }: PolicyChoice,
): ChosenPolicy {
  const run = runId === null ? null : project.runs.get(runId);
  const model = models.get(run?.modelId ?? modelId);
  if (!model.exists) {
    throw new FacetError({
      code: 'models.gone',
      message: `The folder of ${model.name} no longer exists: ${model.path}.`,
      fix: 'Put it back, or add the model from its new place.',
      where: { file: model.path },
    });
  }
  return {
    name: run?.name ?? model.name,
    modelName: model.name,
    modelDir: model.path,
    checkpointDir: run && checkpointOf(project, run.id, checkpoint ?? null),
    engine: run?.config.engine ?? 'auto',
  };
}
