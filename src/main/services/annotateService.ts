import type { Verdict } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import type { Annotator, HistoryEntry, Queue, Step, UnsavedVerdict } from '#shared/entities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { UnreadablePairError } from '../data/storedMessages.ts';
import { inTransaction } from '../data/transaction.ts';
import type { KeptVerdict } from '../data/unsavedVerdicts.ts';
import type { Connection } from './Connection.ts';
import { feedbackOn } from './goldService.ts';
import type { ModelService } from './modelService.ts';
import { type CurrentProject, type OpenProject, viewerOf } from './OpenProject.ts';
import { drawnLeft, readQueue } from './readQueue.ts';
import { saveVerdict } from './saveVerdict.ts';
import { type ScoredOpen, scoreOpen } from './scoreOpen.ts';
import { refuseIncomplete, wantsRationale } from './verdictRules.ts';
import { storeReply } from './writtenReply.ts';

type In = Inputs['annotate'];

/** A write waits its turn, for a slice of an import at most; what is decided meanwhile is kept beside the project. */
export interface AnnotateService {
  annotators(who: Connection): Annotator[];
  identify(who: Connection, person: In['identify']): Promise<Annotator>;
  rename(who: Connection, request: In['rename']): Promise<Annotator>;
  queue(who: Connection, request: In['queue']): Promise<Queue>;
  decide(who: Connection, request: In['decide']): Promise<Queue>;
  /** Throws `annotate.empty-reply`, `annotate.same-reply`. */
  write(who: Connection, request: In['write']): Promise<Queue>;
  /** Scores pairs that nobody has decided, for a queue by need; what was scored before a stop is kept. */
  scoreOpen(request: In['scoreOpen'], signal?: AbortSignal): AsyncGenerator<PassFrame<ScoredOpen>, void>;
  undo(who: Connection, request: In['undo']): Promise<Queue>;
  redo(who: Connection, request: In['redo']): Promise<Queue>;
  /** What undo and redo would do. */
  steps(who: Connection): { undo: Step | null; redo: Step | null };
  /** The side on which an annotator sees a pair's first reply is drawn here where it was never shown. */
  leftOf(who: Connection, pairId: number): Promise<'a' | 'b'>;
  /** Whose verdict stands on a pair, and all that was decided on it. */
  verdicts(pairId: number): { standing: { annotator: string; verdict: Verdict }[]; history: HistoryEntry[] };
  unsaved(who: Connection): Promise<UnsavedVerdict[]>;
  keep(who: Connection, verdicts: In['keep']['verdicts']): Promise<void>;
  restore(who: Connection, requestIds: readonly string[]): Promise<void>;
  discard(who: Connection, requestIds: readonly string[]): Promise<void>;
}

const now = (): string => new Date().toISOString();

function requireStep(asked: number, found: Step | null, what: 'undo' | 'redo'): void {
  if (found?.id === asked) return;
  throw new FacetError({
    code: 'annotate.history-moved',
    message:
      what === 'undo'
        ? 'That is no longer your latest decision: another page of yours has decided since.'
        : 'That is no longer the decision you took back last: another page of yours has decided since.',
    fix: 'Check what it would do now, then try again.',
  });
}

/** The queue with a pair first; without it where it cannot be shown. */
function queueFrom(project: OpenProject, annotatorId: number, scope: In['undo'], pairId: number): Queue {
  try {
    return readQueue(project, annotatorId, scope, { pairId, after: null });
  } catch (error) {
    if (!(error instanceof UnreadablePairError)) throw error;
    return readQueue(project, annotatorId, scope, { pairId: null, after: pairId });
  }
}

export function annotateService(
  current: CurrentProject,
  compute: ComputeClient,
  models: ModelService,
): AnnotateService {
  /** The open project and who labels in it on this connection; a request made in another's name is refused. */
  const labelling = (who: Connection, asked?: number) => {
    const project = current.require();
    if (asked !== undefined) who.requireAs(project, asked);
    return { project, annotatorId: who.require(project) };
  };
  const own = async (project: OpenProject, annotatorId: number): Promise<KeptVerdict[]> => {
    const kept = (await project.unsaved.list()).filter((verdict) => verdict.annotatorId === annotatorId);
    // Saved after all, and broken off before that was written down.
    const saved = kept.filter(({ requestId }) => project.history.knows(requestId));
    await project.unsaved.drop(saved.map(({ requestId }) => requestId));
    return kept.filter((verdict) => !saved.includes(verdict));
  };

  return {
    annotators: (who) => {
      const project = current.require();
      const currentId = who.annotatorIn(project);
      return project.annotators.all().map(({ id, name }) => ({ id, name, current: id === currentId }));
    },
    identify: async (who, person) => {
      const project = current.require();
      const found =
        'name' in person ? project.annotators.find(person.name) : project.annotators.get(person.annotatorId);
      const known =
        found ??
        (await project.writer.write(() => project.annotators.findOrAdd((person as { name: string }).name)));
      who.identify(project, known.id);
      return { ...known, current: true };
    },
    rename: async (who, { annotatorId, name }) => {
      const { project } = labelling(who, annotatorId);
      return project.writer.write(() => ({
        ...project.annotators.rename(annotatorId, name),
        current: true,
      }));
    },
    queue: async (who, { pairId, ...scope }) => {
      const { project, annotatorId } = labelling(who);
      await project.lookUpQueue(scope, viewerOf(project, who), true);
      return project.writer.write(() => readQueue(project, annotatorId, scope, { pairId, after: null }));
    },
    decide: async (who, { filter, includeSkipped, order, ...decision }) => {
      const scope = { filter, includeSkipped, order };
      const { project, annotatorId } = labelling(who, decision.annotatorId);
      refuseIncomplete(project.projectSettings().verdict, decision);
      await project.lookUpQueue(scope, viewerOf(project, who));
      const start = { pairId: null, after: decision.pairId };
      return saveVerdict(project, { ...decision, at: now() }, () => ({
        ...readQueue(project, annotatorId, scope, start),
        why: !decision.ranking && wantsRationale(project, decision) ? decision.pairId : null,
        gold: decision.ranking ? null : feedbackOn(project, decision),
      }));
    },
    write: async (who, { filter, includeSkipped, order, ...reply }) => {
      const scope = { filter, includeSkipped, order };
      const { project, annotatorId } = labelling(who, reply.annotatorId);
      await project.lookUpQueue(scope, viewerOf(project, who));
      await project.addPairs(() => storeReply(project, reply, now()));
      await project.lookUpQueue(scope, viewerOf(project, who), true);
      const start = { pairId: reply.pairId, after: null };
      return project.writer.write(() => readQueue(project, annotatorId, scope, start));
    },
    scoreOpen: ({ runId, checkpoint: kind, limit }, signal) =>
      scoreOpen({ project: current.require(), compute, models, runId, kind, limit, signal }),
    undo: async (who, request) => {
      const { project, annotatorId } = labelling(who, request.annotatorId);
      await project.lookUpQueue(request, viewerOf(project, who));
      return project.writer.write(() => {
        const pairIds = inTransaction(project.database, () => {
          const latest = project.history.undo(annotatorId);
          if (latest === null) {
            throw new FacetError({
              code: 'annotate.nothing-to-undo',
              message: 'There is no decision left to undo.',
              fix: 'Choose a pair in the library to decide it again.',
            });
          }
          requireStep(request.step, latest, 'undo');
          return project.history.takeBack({ annotatorId, at: now() });
        });
        for (const pairId of pairIds) {
          project.queue.changed(annotatorId, pairId);
          project.queue.reopened(annotatorId, pairId);
        }
        return queueFrom(project, annotatorId, request, pairIds[0] as number);
      });
    },
    redo: async (who, request) => {
      const { project, annotatorId } = labelling(who, request.annotatorId);
      await project.lookUpQueue(request, viewerOf(project, who));
      return project.writer.write(() => {
        const pairIds = inTransaction(project.database, () => {
          const next = project.history.redo(annotatorId);
          if (next === null) {
            throw new FacetError({
              code: 'annotate.nothing-to-redo',
              message: 'There is no decision left to redo.',
              fix: 'Only what was taken back since the last decision can be redone.',
            });
          }
          requireStep(request.step, next, 'redo');
          return project.history.bringBack({ annotatorId, at: now() });
        });
        for (const pairId of pairIds) project.queue.changed(annotatorId, pairId);
        return readQueue(project, annotatorId, request, { pairId: null, after: pairIds[0] as number });
      });
    },
    steps: (who) => {
      const { project, annotatorId } = labelling(who);
      return { undo: project.history.undo(annotatorId), redo: project.history.redo(annotatorId) };
    },
    leftOf: async (who, pairId) => {
      const { project, annotatorId } = labelling(who);
      return project.writer.write(() => {
        project.annotations.texts(pairId);
        return drawnLeft(project, pairId, annotatorId);
      });
    },
    verdicts: (pairId) => {
      const project = current.require();
      project.annotations.texts(pairId);
      return {
        standing: project.annotations.standingOf(pairId),
        history: project.annotations.history(pairId),
      };
    },
    unsaved: async (who) => {
      const { project, annotatorId } = labelling(who);
      return (await own(project, annotatorId)).map((verdict) => ({
        ...verdict,
        prompt: project.annotations.promptOf(verdict.pairId),
        standing: project.annotations.standing(verdict.pairId, annotatorId),
      }));
    },
    keep: async (who, verdicts) => {
      const project = current.require();
      for (const { annotatorId } of verdicts) who.requireAs(project, annotatorId);
      await project.unsaved.keep(verdicts.filter(({ requestId }) => !project.history.knows(requestId)));
    },
    restore: async (who, requestIds) => {
      const { project, annotatorId } = labelling(who);
      const refused: FacetError[] = [];
      for (const verdict of await own(project, annotatorId)) {
        if (!requestIds.includes(verdict.requestId)) continue;
        try {
          await saveVerdict(project, verdict, () => undefined);
        } catch (error) {
          // One pair that is gone must not hold back the others.
          if (!(error instanceof FacetError)) throw error;
          refused.push(error);
        }
      }
      if (refused[0]) throw refused[0];
    },
    discard: async (who, requestIds) => {
      const { project, annotatorId } = labelling(who);
      const ids = (await own(project, annotatorId)).map(({ requestId }) => requestId);
      await project.unsaved.drop(ids.filter((id) => requestIds.includes(id)));
    },
  };
}
