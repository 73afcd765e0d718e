/** Pairs that come to somebody again, among those that are open: blind, on sides drawn anew, answered beside what stands. */
import { randomInt } from 'node:crypto';
import { LEAST_REPEATS, withRepeats } from '#core/repeats.ts';
import type { QueueScope } from '#shared/entities.ts';
import type { ScopeCounts } from '../data/labelQueue.ts';
import type { Repeat } from '../data/repeatTable.ts';
import type { OpenProject } from './OpenProject.ts';

const isOn = (project: OpenProject): boolean => project.projectSettings().repeats > 0;

/** The repeat that a pair comes as; null where it comes as itself. */
export const waitingRepeat = (project: OpenProject, pairId: number, annotatorId: number): Repeat | null =>
  isOn(project) ? project.repeats.waitingOn(pairId, annotatorId) : null;

/** Fine enough for a share of all verdicts. */
const DRAWS = 2 ** 32;

/** What comes, with repeats at their places; those that none was drawn for yet are drawn here. */
export function repeated(
  project: OpenProject,
  annotatorId: number,
  coming: readonly number[],
): readonly number[] {
  const { repeats: rate } = project.projectSettings();
  if (rate === 0) return coming;
  const waiting = project.repeats.waiting(annotatorId);
  const decided = project.gold.decidedBy(annotatorId) + project.repeats.answered(annotatorId);
  return withRepeats(coming, { person: annotatorId, decided, rate }, (place) => {
    const known = waiting[place];
    if (known !== undefined) return known.pairId;
    const leftKey = randomInt(2) === 0 ? 'a' : 'b';
    const at = new Date().toISOString();
    const drawn = project.repeats.draw(annotatorId, randomInt(DRAWS) / DRAWS, leftKey, at);
    if (drawn !== null) waiting.push(drawn);
    return drawn?.pairId ?? null;
  });
}

/** Repeats count as pairs like others wherever they come: a count that stood still would tell one. */
export function countsWithRepeats(
  project: OpenProject,
  annotatorId: number,
  scope: QueueScope,
): ScopeCounts & { readonly again: boolean } {
  const counts = project.queue.counts(scope, annotatorId);
  if (scope.filter !== null || !isOn(project)) return { ...counts, again: false };
  const answered = project.repeats.answered(annotatorId);
  const waiting = project.repeats.waiting(annotatorId).length;
  return {
    ...counts,
    total: counts.total + answered + waiting,
    decided: counts.decided + answered,
    again: true,
  };
}

/** Of all of somebody's repeats; null where they are too few to tell. */
export function ownAgreement(
  project: OpenProject,
  annotatorId: number,
): { answered: number; same: number } | null {
  const said = project.repeats.saidTwice(annotatorId);
  if (said.length < LEAST_REPEATS) return null;
  return { answered: said.length, same: said.filter(({ first, again }) => first === again).length };
}
