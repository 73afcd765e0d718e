/** Replies that are ranked together: shown in an order drawn for each person, and their ranking stored as the pairs it implies. */
import { randomInt } from 'node:crypto';
import {
  impliedAspects,
  impliedStrength,
  impliedVerdict,
  placesOf,
  ranksAll,
  type SaidOfSet,
  shownFirst,
} from '#core/ranking.ts';
import { FacetError } from '#core/result.ts';
import { cleanAttributes, NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { AnnotationItem, NewDecision } from '#shared/entities.ts';
import type { NewAnnotation } from '../data/labelHistory.ts';
import type { ReplySet } from '../data/replySets.ts';
import type { KeptVerdict } from '../data/unsavedVerdicts.ts';
import type { OpenProject } from './OpenProject.ts';

/** The order of a set for an annotator: drawn once, then as stored. */
function drawnOrder(project: OpenProject, { id, replies }: ReplySet, annotatorId: number): number[] {
  const stored = project.sets.shown(id, annotatorId);
  if (stored) return stored;
  const order = replies.map((reply) => reply.id);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const drawn = randomInt(last + 1);
    [order[last], order[drawn]] = [order[drawn] as number, order[last] as number];
  }
  project.sets.addShowing(id, annotatorId, order, new Date().toISOString());
  return order;
}

/** The set that comes up with a pair; null where it comes alone. One whose answer is known does: it is what is checked. */
export function setOfPair(project: OpenProject, pairId: number): ReplySet | null {
  if (project.sets.largest() === 0 || project.gold.has(pairId)) return null;
  const setId = project.sets.idOf(pairId);
  return setId === null ? null : project.sets.read(setId);
}

export function shownSet(
  project: OpenProject,
  set: ReplySet,
  pairId: number,
  annotatorId: number,
): NonNullable<AnnotationItem['set']> {
  const { ranks, steps, aspects } = project.sets.said(pairId, annotatorId);
  const order = drawnOrder(project, set, annotatorId);
  const byId = new Map(set.replies.map((reply) => [reply.id, reply]));
  return {
    id: set.id,
    pairs: set.pairs.length,
    replies: order.flatMap((id) => {
      const reply = byId.get(id);
      return reply ? [{ id, text: reply.text, turns: [...(reply.turns ?? [])] }] : [];
    }),
    ranks,
    steps: [...steps],
    aspects,
  };
}

type GivenRanking = KeptVerdict & { readonly ranking: NonNullable<NewDecision['ranking']> };

function refused(message: string): never {
  throw new FacetError({
    code: 'annotate.no-such-ranking',
    message,
    fix: 'Look at the replies again, then rank each of them.',
  });
}

/** What a page said of a set, where it says of each reply what it says of any. */
function checked({ ranks, steps = [], aspects = {} }: GivenRanking['ranking'], set: ReplySet): SaidOfSet {
  const ids = set.replies.map(({ id }) => id);
  const orders = [ranks, ...Object.values(aspects)].filter((order) => order !== null && order !== 'na');
  if (!orders.every((order) => ranksAll(order, ids)))
    refused('A ranking does not give each reply one place.');
  const most = ranks === null ? 0 : placesOf(ranks).length - 1;
  if (steps.length > most) refused('The ranking has more steps than places.');
  return { ranks, steps, aspects };
}

/** One act, once: the caller holds the transaction. Gives the pairs that it decides. */
export function storeRanking(project: OpenProject, act: GivenRanking): number[] {
  const { ranking, annotatorId, pairId, verdict, attributes, durationMs, requestId, at } = act;
  const set = project.sets.read(ranking.setId);
  if (set === null || !set.pairs.some(({ id }) => id === pairId))
    refused(`The replies of pair ${pairId} are no longer ranked together.`);
  const given = checked(ranking, set);
  const { ranks } = given;
  if (ranks === null && verdict !== 'skip' && verdict !== 'both_bad')
    refused('A ranking does not give each reply one place.');
  const order = drawnOrder(project, set, annotatorId);
  const said = attributes ?? NO_ATTRIBUTES;
  const guidelinesId = project.guidelines.idOf(act.guidelines);
  const annotations = set.pairs.map(({ id, a, b }): NewAnnotation => {
    const implied = ranks === null ? verdict : impliedVerdict(ranks[a] as number, ranks[b] as number);
    const isLead = id === pairId;
    return {
      pairId: id,
      annotatorId,
      decision: implied,
      leftKey: shownFirst(order, a, b),
      // The time and the request are those of the whole.
      durationMs: isLead ? durationMs : null,
      requestId: isLead ? requestId : null,
      at,
      guidelinesId,
      attributes: cleanAttributes(implied, {
        ...said,
        strength: impliedStrength(given, a, b),
        aspects: impliedAspects(given.aspects, a, b),
      }),
    };
  });
  const lead = annotations.filter((one) => one.pairId === pairId);
  const others = annotations.filter((one) => one.pairId !== pairId);
  project.history.rank({ setId: set.id, ranks, annotations: [...lead, ...others] });
  return set.pairs.map(({ id }) => id);
}
