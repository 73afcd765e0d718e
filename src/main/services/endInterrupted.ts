import { keptWords } from './brokenOff.ts';
import { KeptCodes } from './KeptCodes.ts';
import type { OpenProject } from './OpenProject.ts';

/** A process that ended in the middle of a run left it unended: say so. */
export function endInterrupted(project: OpenProject): void {
  for (const run of project.runs.unended()) {
    const { kept, fix } = keptWords(run);
    project.runs.end(
      run.id,
      run.checkpointStep === null ? 'failed' : 'stopped',
      {
        code: 'runs.interrupted',
        message: `Facet ended ${run.step < run.config.steps ? 'while this run was training' : 'before this run was evaluated'}, after step ${run.step} of ${run.config.steps}. ${kept}`,
        fix,
      },
      new Date().toISOString(),
    );
    KeptCodes.want(project, run.id);
  }
}
