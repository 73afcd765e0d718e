/** Single replies, rated one by one: a person's queue, history and what stands. */
import { RATING_VALUES, type RatingScale } from '#core/ratings.ts';
import { FacetError } from '#core/result.ts';
import type { Inputs } from '#shared/contract.ts';
import type { RatingItem, RatingQueue, RatingStep } from '#shared/ratingEntities.ts';
import type { RatingRow } from '../data/ratingTable.ts';
import { readStoredMessages, storedTurns } from '../data/storedMessages.ts';
import type { Connection } from './Connection.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';

type In = Inputs['ratings'];

export interface RatingService {
  /** Throws `ratings.off` where the project asks for none. */
  queue(who: Connection): Promise<RatingQueue>;
  /** Durable when it returns. Throws `ratings.no-such-reply`, `ratings.other-scale`. */
  rate(who: Connection, request: In['rate']): Promise<RatingQueue>;
  undo(who: Connection, request: In['undo']): Promise<RatingQueue>;
  redo(who: Connection, request: In['redo']): Promise<RatingQueue>;
}

function scaleOf(project: OpenProject): RatingScale {
  const { scale } = project.projectSettings().ratings;
  if (scale !== 'off') return scale;
  throw new FacetError({
    code: 'ratings.off',
    message: 'This project asks for no ratings of single replies.',
    fix: 'Choose a scale in Settings, Project.',
  });
}

/** Null where the reply cannot be read or is in no use. */
function itemOf(project: OpenProject, annotatorId: number, replyId: number): RatingItem | null {
  const found = project.ratings.reply(replyId);
  const stored = found && readStoredMessages(found.messages);
  if (!found || !stored?.ok) return null;
  const standing = project.ratings.standing(replyId, annotatorId);
  return {
    replyId,
    messages: [...stored.messages],
    text: found.text,
    turns: [...(storedTurns(found.turns) ?? [])],
    source: found.source,
    value: standing?.scale === project.projectSettings().ratings.scale ? standing.value : null,
  };
}

const stepOf = (row: RatingRow | null): RatingStep | null =>
  row && { id: row.id, replyId: row.replyId, scale: row.scale, value: row.value };

function read(project: OpenProject, annotatorId: number, first: number | null = null): RatingQueue {
  const scale = scaleOf(project);
  const shown = first === null ? null : itemOf(project, annotatorId, first);
  const next = shown === null ? project.ratings.next(annotatorId) : null;
  return {
    annotatorId,
    scale,
    item: shown ?? (next === null ? null : itemOf(project, annotatorId, next)),
    ...project.ratings.counts(annotatorId),
    undo: stepOf(project.ratings.undoable(annotatorId)),
    redo: stepOf(project.ratings.redoable(annotatorId)),
  };
}

function requireStep(found: RatingRow | null, asked: number): RatingRow {
  if (found?.id === asked) return found;
  throw new FacetError({
    code: 'annotate.history-moved',
    message: 'That is no longer your latest rating: another page of yours has rated since.',
    fix: 'Look at the replies again, then try again.',
  });
}

export function ratingService(current: CurrentProject): RatingService {
  const change = (
    who: Connection,
    asked: number,
    work: (project: OpenProject, annotatorId: number) => number | null,
  ): Promise<RatingQueue> => {
    const project = current.require();
    who.requireAs(project, asked);
    scaleOf(project);
    return project.writer.writeSoon(project.database, () => read(project, asked, work(project, asked)));
  };
  return {
    queue: async (who) => {
      const project = current.require();
      return read(project, who.require(project));
    },
    rate: async (who, { annotatorId, ...rating }) =>
      change(who, annotatorId, (project) => {
        if (project.ratings.knows(rating.requestId)) return null;
        const { value, scale, replyId } = rating;
        if (scale !== scaleOf(project) || (value !== null && !RATING_VALUES[scale].includes(value)))
          throw new FacetError({
            code: 'ratings.other-scale',
            message: `${value ?? 'A skip'} is no rating on the scale of this project.`,
            fix: 'Reload the page: what the project asks for has changed.',
          });
        if (project.ratings.reply(replyId) === null)
          throw new FacetError({
            code: 'ratings.no-such-reply',
            message: `This project has no reply ${replyId} in use.`,
            fix: 'Go on with the next one.',
          });
        const guidelinesId = project.guidelines.current().id;
        project.ratings.rate({ ...rating, annotatorId, guidelinesId, at: new Date().toISOString() });
        return null;
      }),
    undo: async (who, { annotatorId, step }) =>
      change(who, annotatorId, (project) => {
        const row = requireStep(project.ratings.undoable(annotatorId), step);
        project.ratings.takeBack(row, annotatorId);
        return row.replyId;
      }),
    redo: async (who, { annotatorId, step }) =>
      change(who, annotatorId, (project) => {
        project.ratings.bringBack(requireStep(project.ratings.redoable(annotatorId), step), annotatorId);
        return null;
      }),
  };
}
