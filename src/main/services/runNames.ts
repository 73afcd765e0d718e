/** What people call runs, and runs that they delete. */
import { rm } from 'node:fs/promises';
import { FacetError } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';
import { isAtWork, type KeptCodes } from './KeptCodes.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { runDirectory } from './runCheckpoint.ts';

export interface RunNames {
  edit(words: { readonly runId: number; readonly name: string; readonly note: string }): Promise<Run>;
  /** Takes an ended run off the list; its files stay until `removeDeleted`. Throws `runs.at-work`. */
  remove(runId: number): Promise<void>;
  restore(runId: number): Promise<Run>;
}

export function runNames(current: CurrentProject, kept: KeptCodes): RunNames {
  return {
    edit: async ({ runId, name, note }) => {
      const project = current.require();
      project.runs.get(runId);
      await project.writer.write(() => project.runs.setWords(runId, name, note));
      return project.runs.get(runId);
    },
    remove: async (runId) => {
      const project = current.require();
      const run = project.runs.get(runId);
      if (isAtWork(run)) {
        throw new FacetError({
          code: 'runs.at-work',
          message: `${run.name} is still at work.`,
          fix: 'Stop it first.',
        });
      }
      await kept.drop(project, runId);
      await project.writer.write(() => project.runs.setDeleted(runId, true));
    },
    restore: async (runId) => {
      const project = current.require();
      await project.writer.write(() => project.runs.setDeleted(runId, false));
      return project.runs.get(runId);
    },
  };
}

/** Files and figures of runs that were deleted before the project was opened; their rows stay, so that no number comes twice. */
export async function removeDeleted(project: OpenProject, log: (line: string) => void): Promise<void> {
  for (const runId of project.runs.deleted()) {
    try {
      await rm(runDirectory(project, runId), { recursive: true, force: true });
      for (const piece of project.figures.removeAll(runId)) await project.writer.write(piece);
    } catch (error) {
      log(`files of the deleted run ${runId}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
