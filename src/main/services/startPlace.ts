/** Where that lies which a new run starts from. */
import { existsSync } from 'node:fs';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { namedStart } from '#core/startFrom.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointOf } from './runCheckpoint.ts';

const refused = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'start.not-there', message, fix, where: { field: 'startFrom' } });

/** Folder of the checkpoint or adapter; null for the model itself. Throws `start.…`, `runs.…`. */
export function startPlace(project: OpenProject, { startFrom }: RunConfig, modelId: number): string | null {
  if (startFrom === null) return null;
  const named = namedStart(startFrom);
  if (named.kind === 'folder') {
    if (existsSync(named.path)) return named.path;
    throw refused(`The adapter ${named.path} is not there.`, 'Put it back, or choose another start.');
  }
  const run = project.runs.get(named.runId);
  if (run.modelId !== modelId)
    throw refused(
      `${run.name} was trained on another model than the one chosen now.`,
      'Choose the model that it was trained on, or another start.',
    );
  return checkpointOf(project, run.id, named.checkpoint);
}
