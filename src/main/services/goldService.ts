/** Marks pairs whose answer is known, and tells how people do on them. */
import type { Verdict } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { wilsonInterval } from '#core/wilsonInterval.ts';
import type { Inputs } from '#shared/contract.ts';
import type { Selection } from '#shared/entities.ts';
import {
  type GoldAccuracy,
  type GoldFeedback,
  type GoldMarked,
  type GoldState,
  MOST_GOLD,
} from '#shared/goldEntities.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Connection } from './Connection.ts';
import { type CurrentProject, type OpenProject, viewerOf } from './OpenProject.ts';

type In = Inputs['gold'];

export interface GoldService {
  state(): GoldState;
  /** Throws `gold.no-answer` where the person says nothing of any chosen pair, `gold.too-many`. */
  mark(who: Connection, request: In['mark']): Promise<GoldMarked>;
  unmark(who: Connection, request: In['unmark']): Promise<{ unmarked: number }>;
}

export function goldService(current: CurrentProject): GoldService {
  async function idsOf(project: OpenProject, who: Connection, selection: Selection): Promise<number[]> {
    if ('ids' in selection) return selection.ids;
    const { filter, except } = selection;
    const limit = MOST_GOLD + except.length + 1;
    const found = await project.reader.ask('ids', filter, viewerOf(project, who), 0, limit, null);
    const left = new Set(except);
    return found.filter((id) => !left.has(id));
  }
  const writing = <T>(project: OpenProject, write: () => T): Promise<T> =>
    project.writer.write(() => {
      const value = inTransaction(project.database, write);
      project.queue.forget();
      return value;
    });

  return {
    state: () => {
      const project = current.require();
      const { warnBelow } = project.projectSettings().gold;
      const answered = project.gold.answered();
      const ofKind = (person: number, kind: 0 | 1) =>
        accuracy(answered.find(({ annotatorId, shown }) => annotatorId === person && shown === kind));
      const people = new Map(answered.map(({ annotatorId, name }) => [annotatorId, name]));
      return {
        ...project.gold.counts(),
        answerers: project.gold.answerers(),
        people: [...people].map(([annotatorId, name]) => {
          const hidden = ofKind(annotatorId, 0);
          const isBelow = warnBelow !== null && hidden.share !== null && hidden.share < warnBelow;
          return { annotatorId, name, hidden, shown: ofKind(annotatorId, 1), isBelow };
        }),
      };
    },
    mark: async (who, { selection, annotatorId, shown }) => {
      const project = current.require();
      const pairIds = await idsOf(project, who, selection);
      return writing(project, () => {
        const marked = project.gold.mark(pairIds, annotatorId, shown);
        const { hidden, shown: told } = project.gold.counts();
        if (hidden + told > MOST_GOLD) throw tooMany();
        if (marked === 0) throw noAnswer();
        return { marked, without: pairIds.length - marked };
      });
    },
    unmark: async (who, { selection }) => {
      const project = current.require();
      const pairIds = selection === null ? null : await idsOf(project, who, selection);
      return writing(project, () => ({ unmarked: project.gold.unmark(pairIds) }));
    },
  };
}

/** What is told after a verdict; null where nothing is. Hidden ones stay hidden. */
export function feedbackOn(
  project: OpenProject,
  { pairId, annotatorId, verdict }: { pairId: number; annotatorId: number; verdict: Verdict },
): GoldFeedback | null {
  const known = project.gold.of(pairId);
  if (known === null || known.shown === 0 || verdict === 'skip') return null;
  if (known.annotatorId === annotatorId) return null;
  const { answer, reason } = known;
  return { pairId, isRight: verdict === answer, answer, reason };
}

function accuracy(of: { answered: number; right: number } | undefined): GoldAccuracy {
  const { answered, right } = of ?? { answered: 0, right: 0 };
  const share = answered === 0 ? null : right / answered;
  const [low, high] = wilsonInterval(share ?? 0, answered);
  return { answered, right, share, low, high };
}

const tooMany = (): FacetError =>
  new FacetError({
    code: 'gold.too-many',
    message: `A project has ${MOST_GOLD} gold pairs at most.`,
    fix: 'Choose fewer pairs, or remove others first.',
  });
const noAnswer = (): FacetError =>
  new FacetError({
    code: 'gold.no-answer',
    message: 'None of the chosen pairs has a verdict of the one who is to know the answer.',
    fix: 'Choose pairs that they have decided, or somebody else’s answers.',
  });
