/** A finished run as files that other tools read. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FacetError, unwrap } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { ExportResult } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { runModelCard } from './modelCard.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointOf } from './runCheckpoint.ts';

const fileSafe = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'run';

async function freeFolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name);
  const there = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!there) return folder;
  throw new FacetError({
    code: 'export.exists',
    message: `${folder} already exists, and an export never replaces anything.`,
    fix: 'Move it away, or choose another folder.',
    where: { file: folder },
  });
}

async function requireFolder(parent: string): Promise<void> {
  const found = await stat(parent).catch(() => null);
  if (found?.isDirectory()) return;
  throw new FacetError({
    code: 'export.no-folder',
    message: `${parent} is not a folder.`,
    fix: 'Choose a folder that exists.',
    where: { file: parent },
  });
}

/** Writes the run's last checkpoint to a new folder in `parent`; the folder is complete or absent. */
export async function exportRun(
  project: OpenProject,
  compute: ComputeClient,
  models: ModelService,
  modelFolder: (modelId: number) => string,
  { runId, format, parent }: Inputs['runs']['export'],
): Promise<ExportResult> {
  const run = project.runs.get(runId);
  const checkpointDir = checkpointOf(project, runId);
  const modelDir = modelFolder(run.modelId);
  const inside = resolve(parent);
  await requireFolder(inside);
  const outputDir = await freeFolder(inside, `${fileSafe(run.name)}-${format}`);
  const modelCard = runModelCard(project, run, models.get(run.modelId), format);
  const job = { kind: 'export', modelDir, checkpointDir, format, outputDir, modelCard } as const;
  return unwrap(await compute.run<'export'>(job));
}
