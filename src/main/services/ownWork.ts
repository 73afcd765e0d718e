/** What an annotator or adjudicator may ask of the desk: own work and the queue as it comes, nothing of others. */
import { FacetError } from '#core/result.ts';
import type { AnnotationItem, Queue, QueueScope } from '#shared/entities.ts';
import type { AnnotateService } from './annotateService.ts';
import type { Connection } from './Connection.ts';
import type { CurrentProject } from './OpenProject.ts';

/** A place in the project would tell a pair with a known answer from its neighbours: these count what is one's own. */
function bareQueue(queue: Queue): Queue {
  let place = queue.decided;
  const bare = (item: AnnotationItem): AnnotationItem => {
    if (item.verdict === null) place += 1;
    return { ...item, revealed: null, reason: null, position: item.verdict === null ? place : null };
  };
  return { ...queue, items: queue.items.map(bare) };
}

/** With known answers among the pairs, those that come before and after one must not tell by their order. */
const MIXED: QueueScope['order'] = { by: 'random', seed: 0 };

/** Only one's own state of a pair narrows the queue: other conditions would tell of others by what they find. */
function ownScope<T extends QueueScope>(asked: T, isMixed: boolean): T {
  const { filter } = asked;
  return {
    ...asked,
    filter: filter && { text: '', sourceId: null, status: filter.status },
    order: isMixed && asked.filter === null ? MIXED : undefined,
  };
}

export function ownWork(annotate: AnnotateService, current: CurrentProject): AnnotateService {
  const scoped = <T extends QueueScope>(asked: T): T => {
    const { hidden, shown } = current.require().gold.counts();
    return ownScope(asked, hidden + shown > 0);
  };
  /** Which pairs come is the queue's to say: one that it never gave is refused. */
  function refuseUnseen(who: Connection, pairId: number | null): void {
    if (pairId === null) return;
    const project = current.require();
    if (project.annotations.shownLeft(pairId, who.annotatorIn(project)) !== null) return;
    throw new FacetError({
      code: 'people.not-yours',
      message: `Pair ${pairId} has not come up in your queue.`,
      fix: 'Continue with the queue.',
    });
  }
  return {
    ...annotate,
    annotators: (who) => {
      const all = annotate.annotators(who);
      return who.isRestricted ? all.filter((person) => person.current) : all;
    },
    identify: async (who, person) => {
      if (!who.isRestricted) return annotate.identify(who, person);
      const project = current.require();
      const { id, name } = project.annotators.get(who.require(project));
      if ('name' in person ? person.name === name : person.annotatorId === id)
        return annotate.identify(who, { annotatorId: id });
      throw new FacetError({
        code: 'people.bound',
        message: `This page labels as ${name} and as nobody else.`,
        fix: 'Open the link of the other person on a page of its own.',
      });
    },
    queue: async (who, request) => {
      if (!who.isRestricted) return annotate.queue(who, request);
      refuseUnseen(who, request.pairId);
      return bareQueue(await annotate.queue(who, scoped(request)));
    },
    decide: async (who, request) => {
      if (!who.isRestricted) return annotate.decide(who, request);
      refuseUnseen(who, request.pairId);
      return bareQueue(await annotate.decide(who, scoped(request)));
    },
    write: async (who, request) => {
      if (!who.isRestricted) return annotate.write(who, request);
      refuseUnseen(who, request.pairId);
      return bareQueue(await annotate.write(who, scoped(request)));
    },
    undo: async (who, request) =>
      who.isRestricted ? bareQueue(await annotate.undo(who, scoped(request))) : annotate.undo(who, request),
    redo: async (who, request) =>
      who.isRestricted ? bareQueue(await annotate.redo(who, scoped(request))) : annotate.redo(who, request),
    keep: async (who, verdicts) => {
      if (who.isRestricted) for (const { pairId } of verdicts) refuseUnseen(who, pairId);
      return annotate.keep(who, verdicts);
    },
  };
}
