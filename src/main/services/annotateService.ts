import { randomInt } from 'node:crypto';
import type { ReplyKey } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { median } from '#core/statistics.ts';
import type { Inputs } from '#shared/contract.ts';
import type { AnnotationItem, Annotator, Queue } from '#shared/entities.ts';
import { type UnreadablePair, UnreadablePairError } from '../data/storedMessages.ts';
import { inTransaction } from '../data/transaction.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';

/** A write waits its turn: for a slice of an import at most. */
export interface AnnotateService {
  annotators(): Annotator[];
  selectAnnotator(name: string): Promise<Annotator>;
  queue(pairId: number | null): Promise<Queue>;
  decide(request: Inputs['annotate']['decide']): Promise<Queue>;
  undo(): Promise<Queue>;
}

/** The current item and four after it: the next is on screen before the disk has answered. */
const ITEMS_AHEAD = 5;
const now = (): string => new Date().toISOString();

/** The side shuffle of a pair for an annotator: drawn once, then as stored. */
function leftKey(project: OpenProject, pairId: number, annotatorId: number): ReplyKey {
  const stored = project.annotations.shownLeft(pairId, annotatorId);
  if (stored) return stored;
  const drawn: ReplyKey = randomInt(2) === 0 ? 'a' : 'b';
  project.annotations.addShowing(pairId, annotatorId, drawn, now());
  return drawn;
}

function item(project: OpenProject, pairId: number, annotatorId: number): AnnotationItem {
  const texts = project.annotations.texts(pairId);
  const left = leftKey(project, pairId, annotatorId);
  const right: ReplyKey = left === 'a' ? 'b' : 'a';
  const verdict = project.annotations.standing(pairId, annotatorId);
  const reveals = !project.projectSettings().blind || (verdict !== null && verdict !== 'skip');
  return {
    pairId,
    messages: [...texts.messages],
    left: { key: left, text: texts[left] },
    right: { key: right, text: texts[right] },
    source: texts.source,
    aspect: texts.aspect,
    verdict,
    revealed: reveals
      ? { imported: project.annotations.imported(pairId), history: project.annotations.history(pairId) }
      : null,
  };
}

/** The pair that was asked for, then what is undecided. One that cannot be read is set aside, and the next takes its place. */
function readItems(project: OpenProject, firstPairId: number | null, annotatorId: number): AnnotationItem[] {
  const first = firstPairId === null ? [] : [item(project, firstPairId, annotatorId)];
  for (;;) {
    const undecided = project.annotations.nextUndecided(annotatorId, ITEMS_AHEAD);
    const unreadable: UnreadablePair[] = [];
    const items = undecided
      .filter((id) => id !== firstPairId)
      .flatMap((pairId) => {
        try {
          return [item(project, pairId, annotatorId)];
        } catch (error) {
          if (!(error instanceof UnreadablePairError)) throw error;
          unreadable.push(error.pair);
          return [];
        }
      });
    if (unreadable.length === 0) return [...first, ...items].slice(0, ITEMS_AHEAD);
    project.setAside.put(unreadable, now());
  }
}

/** Reads the queue and stores the shuffle of what it shows, in one transaction. */
function readQueue(project: OpenProject, firstPairId: number | null): Queue {
  return inTransaction(project.database, (): Queue => {
    const annotatorId = project.annotatorId();
    const items = readItems(project, firstPairId, annotatorId);
    const { total, decided } = project.annotations.counts(annotatorId);
    const durations = project.annotations.durationsAfter(annotatorId, project.sessionStart);
    const measured = durations.filter((duration) => duration !== null);
    return {
      remaining: total - decided,
      total,
      decided,
      items,
      setAside: project.setAside.count(),
      canUndo: project.annotations.latestStanding(annotatorId) !== null,
      session: { decided: durations.length, medianMs: measured.length === 0 ? null : median(measured) },
    };
  });
}

export function annotateService(current: CurrentProject): AnnotateService {
  return {
    annotators: (): Annotator[] => {
      const project = current.require();
      const currentId = project.annotatorId();
      return project.annotations.people().map(({ id, name }) => ({ id, name, current: id === currentId }));
    },
    selectAnnotator: (name) => {
      const project = current.require();
      return project.writer.write(() => {
        const person = project.annotations.person(name.trim());
        if (person.id !== project.annotatorId()) project.sessionStart = project.annotations.lastId();
        project.settings.set('currentAnnotator', person.id);
        return { ...person, current: true };
      });
    },
    queue: (pairId) => {
      const project = current.require();
      return project.writer.write(() => readQueue(project, pairId));
    },
    decide: ({ pairId, verdict, leftKey: shown, durationMs }) => {
      const project = current.require();
      return project.writer.write(() => {
        const annotatorId = project.annotatorId();
        project.annotations.texts(pairId);
        project.annotations.append({
          pairId,
          annotatorId,
          decision: verdict,
          leftKey: shown,
          durationMs,
          at: now(),
        });
        return readQueue(project, null);
      });
    },
    undo: () => {
      const project = current.require();
      return project.writer.write(() => {
        const annotatorId = project.annotatorId();
        const pairId = project.annotations.latestStanding(annotatorId);
        if (pairId === null) {
          throw new FacetError({
            code: 'annotate.nothing-to-undo',
            message: 'There is no decision left to undo.',
            fix: 'Choose a pair in the library to decide it again.',
          });
        }
        project.annotations.append({
          pairId,
          annotatorId,
          decision: 'retracted',
          leftKey: leftKey(project, pairId, annotatorId),
          durationMs: null,
          at: now(),
        });
        return readQueue(project, pairId);
      });
    },
  };
}
