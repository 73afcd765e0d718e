/** Pairs on which people differ, one at a time, to somebody who settles them. */
import { FacetError } from '#core/result.ts';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { Adjudication } from '#shared/adjudicationEntities.ts';
import type { Inputs } from '#shared/contract.ts';
import type { Disputes } from '../data/adjudications.ts';
import { inTransaction } from '../data/transaction.ts';
import type { Connection } from './Connection.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';
import { drawnLeft, shownItem } from './readQueue.ts';

type In = Inputs['adjudication'];

export interface AdjudicationService {
  queue(who: Connection, request: In['queue']): Promise<Adjudication>;
  /** Stored as this person's verdict, which settles the pair as long as it stands; undo takes back both. */
  decide(who: Connection, request: In['decide']): Promise<Adjudication>;
}

export function adjudicationService(current: CurrentProject): AdjudicationService {
  /** As the process that reads found them; what is decided since is looked up pair by pair. */
  const known = new WeakMap<OpenProject, Disputes>();

  /** The first open pair after a place, and from the start to it. */
  function next(project: OpenProject, { pairIds, settled }: Disputes, after: number): number | null {
    const from = pairIds.findIndex((id) => id > after);
    const start = from === -1 ? 0 : from;
    for (let step = 0; step < pairIds.length; step++) {
      const place = (start + step) % pairIds.length;
      const pairId = pairIds[place] as number;
      if (settled[place] === 0 && project.adjudications.isOpen(pairId)) return pairId;
    }
    return null;
  }

  function read(project: OpenProject, annotatorId: number, asked: In['queue']): Adjudication {
    const disputes = known.get(project) ?? NONE;
    if (asked.pairId !== null) requireDispute(disputes, asked.pairId);
    const pairId = asked.pairId ?? next(project, disputes, asked.after ?? 0);
    const settled = disputes.settled.reduce((sum, is) => sum + is, 0);
    const counted = { annotatorId, open: disputes.pairIds.length - settled, settled };
    if (pairId === null) return { ...counted, item: null };
    const { stated, decision } = project.adjudications.on(pairId);
    drawnLeft(project, pairId, annotatorId);
    const pair = { ...shownItem(project, pairId, annotatorId), revealed: null };
    return {
      ...counted,
      item: { pair, decision, stated: asked.blind && decision === null ? null : stated },
    };
  }

  return {
    queue: async (who, request) => {
      const project = current.require();
      const annotatorId = who.require(project);
      known.set(project, await project.reader.ask('disputes'));
      return project.writer.write(() =>
        inTransaction(project.database, () => read(project, annotatorId, request)),
      );
    },
    decide: async (who, { blind, rationale, verdict, ...decision }) => {
      const project = current.require();
      who.requireAs(project, decision.annotatorId);
      if (!known.has(project)) known.set(project, await project.reader.ask('disputes'));
      return project.writer.write(() =>
        inTransaction(project.database, () => {
          if (!project.history.knows(decision.requestId)) {
            const place = requireDispute(known.get(project) ?? NONE, decision.pairId);
            project.annotations.texts(decision.pairId);
            const said = rationale?.trim() ?? '';
            const attributes = { ...NO_ATTRIBUTES, rationale: said === '' ? null : said };
            project.history.decide({
              ...decision,
              decision: verdict,
              attributes,
              at: new Date().toISOString(),
              guidelinesId: project.guidelines.current().id,
            });
            project.adjudications.mark(decision.requestId);
            known.get(project)?.settled.fill(1, place, place + 1);
            project.queue.changed(decision.annotatorId, decision.pairId);
          }
          return read(project, decision.annotatorId, { pairId: null, after: decision.pairId, blind });
        }),
      );
    },
  };
}

/** Its place among the disputes. */
function requireDispute({ pairIds }: Disputes, pairId: number): number {
  const place = pairIds.indexOf(pairId);
  if (place !== -1) return place;
  throw new FacetError({
    code: 'adjudication.no-dispute',
    message: `People do not differ on pair ${pairId}.`,
    fix: 'Go on with the next one that they differ on.',
  });
}

const NONE: Disputes = { pairIds: new Uint32Array(0), settled: new Uint8Array(0) };
