import { randomInt } from 'node:crypto';
import { goldOrder, withGold } from '#core/gold.ts';
import type { ReplyKey } from '#core/preference.ts';
import type { AnnotationItem, Queue, QueueScope } from '#shared/entities.ts';
import type { PairTexts } from '../data/annotations.ts';
import type { Repeat } from '../data/repeatTable.ts';
import { type UnreadablePair, UnreadablePairError } from '../data/storedMessages.ts';
import { inTransaction } from '../data/transaction.ts';
import type { OpenProject } from './OpenProject.ts';
import { countsWithRepeats, ownAgreement, repeated, waitingRepeat } from './repeats.ts';
import { setOfPair, shownSet } from './replySet.ts';

/** The current item and four after it: the next is on screen before the disk has answered. */
const ITEMS_AHEAD = 5;

/** The side shuffle of a pair for an annotator: drawn once, then as stored. */
export function drawnLeft(project: OpenProject, pairId: number, annotatorId: number): ReplyKey {
  const stored = project.annotations.shownLeft(pairId, annotatorId);
  if (stored) return stored;
  const drawn: ReplyKey = randomInt(2) === 0 ? 'a' : 'b';
  project.annotations.addShowing(pairId, annotatorId, drawn, new Date().toISOString());
  return drawn;
}

const shownReply = (texts: PairTexts, key: ReplyKey): AnnotationItem['left'] => ({
  key,
  text: texts[key],
  turns: [...(texts[`${key}Turns`] ?? [])],
});

function revealed(project: OpenProject, pairId: number): AnnotationItem['revealed'] {
  const labels = project.annotations.imported(pairId);
  return { imported: labels[0]?.verdict ?? null, labels, history: project.annotations.history(pairId) };
}

function item(
  project: OpenProject,
  pairId: number,
  annotatorId: number | null,
  left: ReplyKey,
  texts: PairTexts,
): AnnotationItem {
  const right: ReplyKey = left === 'a' ? 'b' : 'a';
  const verdict = project.annotations.standing(pairId, annotatorId);
  const reveals = !project.projectSettings().blind || (verdict !== null && verdict !== 'skip');
  return {
    pairId,
    position: null,
    reason: null,
    messages: [...texts.messages],
    left: shownReply(texts, left),
    right: shownReply(texts, right),
    set: null,
    source: texts.source,
    aspect: texts.aspect,
    verdict,
    attributes: verdict === null ? null : project.annotations.attributes(pairId, annotatorId),
    revealed: reveals ? revealed(project, pairId) : null,
  };
}

/** A pair on the sides on which it was shown, the first reply on the left where it never was. */
export function shownItem(project: OpenProject, pairId: number, annotatorId: number | null): AnnotationItem {
  const texts = project.annotations.texts(pairId);
  return item(project, pairId, annotatorId, project.annotations.shownLeft(pairId, annotatorId) ?? 'a', texts);
}

/** As if it had never been decided: nothing of what its person said the first time is told. */
function repeatItem(project: OpenProject, { pairId, leftKey }: Repeat, annotatorId: number): AnnotationItem {
  const shown = item(project, pairId, annotatorId, leftKey, project.annotations.texts(pairId));
  const isTold = !project.projectSettings().blind && shown.revealed !== null;
  const { name } = project.annotators.get(annotatorId);
  const others = shown.revealed?.history.filter(({ annotator }) => annotator !== name) ?? [];
  const revealed = isTold && shown.revealed !== null ? { ...shown.revealed, history: others } : null;
  return { ...shown, verdict: null, attributes: null, revealed };
}

/** Refuses a pair that is not there or cannot be read before a side is drawn for it. */
function queueItem(project: OpenProject, pairId: number, annotatorId: number): QueueItem {
  const texts = project.annotations.texts(pairId);
  const again = waitingRepeat(project, pairId, annotatorId);
  if (again !== null) return { shown: repeatItem(project, again, annotatorId), pairIds: [pairId] };
  const set = setOfPair(project, pairId);
  const pair = item(project, pairId, annotatorId, drawnLeft(project, pairId, annotatorId), texts);
  if (set === null) return { shown: pair, pairIds: [pairId] };
  return {
    shown: { ...pair, set: shownSet(project, set, pairId, annotatorId) },
    pairIds: set.pairs.map(({ id }) => id),
  };
}

/** What is decided at once: a pair, or those of a set. */
interface QueueItem {
  readonly shown: AnnotationItem;
  readonly pairIds: readonly number[];
}

/** Where the queue begins. */
export interface Start {
  /** On screen first, decided or not. */
  readonly pairId: number | null;
  /** The pair just decided: a filtered queue goes on after it. */
  readonly after: number | null;
}

/** Open pairs of the scope; in the whole project pairs with a known answer are among them. */
function nextPairs(
  project: OpenProject,
  annotatorId: number,
  scope: QueueScope,
  after: number | null,
): readonly number[] {
  // The pairs of a set come up one after another, and as one item.
  const limit = ITEMS_AHEAD * Math.max(1, project.sets.largest());
  const open = project.queue.next(scope, annotatorId, after, limit);
  if (scope.filter !== null) return open;
  return repeated(project, annotatorId, mixed(project, annotatorId, scope, open, limit));
}

/** Known pairs at their places among those that are open. */
function mixed(
  project: OpenProject,
  annotatorId: number,
  scope: QueueScope,
  open: readonly number[],
  limit: number,
): readonly number[] {
  const gold = goldOrder(annotatorId, project.gold.unanswered(annotatorId, scope.includeSkipped));
  if (gold.length === 0) return open;
  const { rate } = project.projectSettings().gold;
  const decided = project.gold.decidedBy(annotatorId);
  return withGold(open, gold, { person: annotatorId, decided, rate, limit });
}

/** The pair that was asked for, then what is open. One that cannot be read is set aside, and the next takes its place. */
function readItems(
  project: OpenProject,
  annotatorId: number,
  scope: QueueScope,
  { pairId, after }: Start,
): QueueItem[] {
  const first = pairId === null ? [] : [queueItem(project, pairId, annotatorId)];
  for (;;) {
    const items = [...first];
    const shown = new Set(items.flatMap(({ pairIds }) => pairIds));
    const unreadable: UnreadablePair[] = [];
    for (const id of nextPairs(project, annotatorId, scope, after ?? pairId)) {
      if (items.length === ITEMS_AHEAD) break;
      if (shown.has(id)) continue;
      try {
        const next = queueItem(project, id, annotatorId);
        for (const pair of next.pairIds) shown.add(pair);
        items.push(next);
      } catch (error) {
        if (!(error instanceof UnreadablePairError)) throw error;
        unreadable.push(error.pair);
      }
    }
    if (unreadable.length === 0) return items;
    project.setAside.put(unreadable, new Date().toISOString());
  }
}

/** Reads the queue and stores the shuffle of what it shows, in one transaction. */
export function readQueue(
  project: OpenProject,
  annotatorId: number,
  { filter, includeSkipped, order }: QueueScope,
  start: Start,
): Queue {
  const scope: QueueScope = { filter, includeSkipped, order };
  return inTransaction(project.database, (): Queue => {
    const found = readItems(project, annotatorId, scope, start);
    const items = found.map(({ shown }) => shown);
    if (project.projectSettings().overlap !== null) {
      const held = found.filter(({ shown }) => shown.verdict === null).flatMap(({ pairIds }) => pairIds);
      project.claims.hold(annotatorId, held, Date.now());
    }
    const positions = project.queue.positions(
      scope,
      annotatorId,
      items.map(({ pairId }) => pairId),
    );
    const { total, decided, skipped, again } = countsWithRepeats(project, annotatorId, scope);
    let place = decided;
    return {
      annotatorId,
      remaining: total - decided,
      total,
      decided,
      skipped,
      items: items.map((shown) => ({
        ...shown,
        // Its place in the project would tell a pair that comes again.
        position: again && shown.verdict === null ? ++place : (positions.get(shown.pairId) ?? null),
        reason: project.queue.reason(scope, annotatorId, shown.pairId),
      })),
      setAside: project.setAside.count(),
      undo: project.history.undo(annotatorId),
      redo: project.history.redo(annotatorId),
      why: null,
      gold: null,
      guidelines: {
        number: project.guidelines.current().number,
        told: project.guidelines.toldOf(annotatorId),
      },
      session: {
        ...project.sessions.figures(annotatorId, project.sessionStart(annotatorId)),
        again: ownAgreement(project, annotatorId),
      },
    };
  });
}
