/** A verdict to the disk, or kept beside the project where that fails. */
import { FacetError, toFailure } from '#core/result.ts';
import { cleanAttributes, NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { KeptVerdict } from '../data/unsavedVerdicts.ts';
import type { OpenProject } from './OpenProject.ts';
import { waitingRepeat } from './repeats.ts';
import { storeRanking } from './replySet.ts';

/** Once, however often it is asked for. A pair that is not there or cannot be read is refused. */
function store(project: OpenProject, given: KeptVerdict): void {
  const { requestId, verdict, attributes, ranking, guidelines, ...rest } = given;
  if (project.history.knows(requestId)) return;
  project.annotations.texts(rest.pairId);
  if (ranking) {
    for (const pairId of storeRanking(project, { ...given, ranking }))
      project.queue.changed(rest.annotatorId, pairId);
    return;
  }
  const said = cleanAttributes(verdict, attributes ?? NO_ATTRIBUTES);
  const guidelinesId = project.guidelines.idOf(guidelines);
  const repeatsId = waitingRepeat(project, rest.pairId, rest.annotatorId)?.firstId;
  project.history.decide({
    ...rest,
    requestId,
    decision: verdict,
    attributes: said,
    guidelinesId,
    repeatsId,
  });
  project.queue.changed(rest.annotatorId, rest.pairId);
}

/** Stores a verdict and does what follows it, in one transaction: the disk is waited for once. What fails then takes nothing back. */
function storeAnd<T>(project: OpenProject, verdict: KeptVerdict, then: () => T): () => T {
  store(project, verdict);
  try {
    const value = then();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A save that failed keeps the verdict beside the project and says so; a refusal is passed on. */
async function notSaved(project: OpenProject, verdict: KeptVerdict, error: unknown): Promise<FacetError> {
  if (error instanceof FacetError) return error;
  const reason = toFailure(error).message;
  try {
    await project.unsaved.keep([verdict]);
  } catch (keeping) {
    return new FacetError(
      {
        code: 'annotate.not-saved',
        message: `the project can't be written (${reason}), and neither can a file beside it (${toFailure(keeping).message})`,
        fix: 'Leave this page open, check the disk, then try again.',
        where: { file: project.path },
      },
      { cause: error },
    );
  }
  return new FacetError(
    {
      code: 'annotate.not-saved',
      message: `the project can't be written (${reason}). It is kept beside the project`,
      fix: 'Try again; if that fails too, the verdict is offered when the project is next opened.',
      where: { file: project.path },
    },
    { cause: error },
  );
}

/** What waits for longer than a slice of an import takes is kept beside the project meanwhile. */
const KEPT_AFTER_MS = 50;

/** `then` follows in the same transaction; what it throws takes nothing back. */
export async function saveVerdict<T>(project: OpenProject, verdict: KeptVerdict, then: () => T): Promise<T> {
  let saved: () => T;
  let keeping: Promise<unknown> | null = null;
  // Whoever has to wait long may be ended before it is their turn.
  const patience = setTimeout(() => {
    // A failure of this says nothing as long as the save itself may succeed; `notSaved` tries again and tells.
    keeping = project.unsaved.keep([verdict]).catch(toFailure);
  }, KEPT_AFTER_MS);
  try {
    saved = await project.writer.writeSoon(project.database, () => {
      clearTimeout(patience);
      return storeAnd(project, verdict, then);
    });
  } catch (error) {
    await keeping;
    const failure = await notSaved(project, verdict, error);
    // Refused, so that whoever asked knows; one that was kept before stays until a person discards it.
    if (failure === error && keeping) await project.unsaved.drop([verdict.requestId]);
    throw failure;
  }
  await keeping;
  await project.unsaved.drop([verdict.requestId]);
  return saved();
}
