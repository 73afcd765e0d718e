/** Whose codes and margins the table of pairs shows: what a person chose, never what ended last. */
import { FacetError } from '#core/result.ts';
import type { TableFigures } from '#shared/entities.ts';
import type { OpenProject } from './OpenProject.ts';

export function tableFigures(project: OpenProject): TableFigures {
  const shown = project.figures.shown();
  const choices = project.runs.list().flatMap((run) => {
    const margins = project.figures.resultSteps(run.id);
    return run.checkpoints.flatMap(({ kind, step }) => {
      const has = { codes: run.codesSteps.includes(step), margins: margins.includes(step) };
      return has.codes || has.margins ? [{ runId: run.id, run: run.name, kind, step, ...has }] : [];
    });
  });
  return {
    shown: shown && { runId: shown.runId, run: project.runs.get(shown.runId).name, step: shown.step },
    choices,
  };
}

/** Throws `runs.no-figures`. */
export async function showFigures(
  project: OpenProject,
  { runId, kind }: { readonly runId: number; readonly kind: 'best' | 'last' },
): Promise<TableFigures> {
  const { choices } = tableFigures(project);
  if (!choices.some((choice) => choice.runId === runId && choice.kind === kind)) {
    throw new FacetError({
      code: 'runs.no-figures',
      message: `${project.runs.get(runId).name} has no codes or margins of its ${kind} checkpoint.`,
      fix: 'Choose another checkpoint, or read its codes on the Codes screen.',
    });
  }
  await project.writer.write(() => project.settings.set('shownFigures', { runId, kind }));
  return tableFigures(project);
}
