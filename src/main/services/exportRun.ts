/** A finished run as files that other tools read. */
import type { BaseName } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { ExportResult } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { baseName } from './baseName.ts';
import { runModelCard } from './modelCard.ts';
import type { ModelService } from './modelService.ts';
import { fileSafe, newFolderIn } from './newFolderIn.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointAt } from './runCheckpoint.ts';

/** Writes a checkpoint of the run, its last unless another is named, to a new folder in `parent`; the folder is complete or absent. */
export async function exportRun(
  project: OpenProject,
  compute: ComputeClient,
  models: ModelService,
  modelFolder: (modelId: number) => string,
  fetchedFrom: (folder: string) => BaseName | null,
  { runId, format, type, checkpoint, parent, base: given }: Inputs['runs']['export'],
): Promise<ExportResult> {
  const run = project.runs.get(runId);
  const { folder: checkpointDir, step } = checkpointAt(project, runId, checkpoint ?? null);
  const modelDir = modelFolder(run.modelId);
  const outputDir = await newFolderIn(
    parent,
    [fileSafe(run.name), format, type, checkpoint === 'best' ? 'best' : undefined]
      .filter((part) => part !== undefined)
      .join('-'),
  );
  const base = baseName(given, modelDir, fetchedFrom) ?? undefined;
  const model = models.get(run.modelId);
  const modelCard = runModelCard(project, { run, step, model, base, format });
  const job = { kind: 'export', modelDir, checkpointDir, format, type, outputDir, modelCard, base } as const;
  return unwrap(await compute.run<'export'>(job));
}
