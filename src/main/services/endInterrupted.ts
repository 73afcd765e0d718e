import { BEGINS_ANEW, keptWords } from './brokenOff.ts';
import { KeptCodes } from './KeptCodes.ts';
import type { OpenProject } from './OpenProject.ts';

/** A process that ended in the middle of a run left it unended: say so. It can be resumed, from its beginning where it kept nothing yet. */
export function endInterrupted(project: OpenProject): void {
  for (const run of project.runs.unended()) {
    const { kept, fix } = keptWords(run, BEGINS_ANEW);
    project.runs.end(
      run.id,
      'stopped',
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
