/** For tests: somebody who labels on a line of their own. */
import { randomUUID } from 'node:crypto';
import type { ReplyKey, Verdict } from '#core/preference.ts';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import type { NewDecision, NewReply, Queue, QueueScope } from '#shared/entities.ts';
import type { Facet } from './app.ts';
import { Connection } from './services/Connection.ts';

export interface TestDecision {
  readonly pairId: number;
  readonly verdict: Verdict;
  readonly leftKey?: ReplyKey;
  readonly durationMs?: number;
  readonly requestId?: string;
  readonly attributes?: VerdictAttributes;
  readonly ranking?: NewDecision['ranking'];
}
type Scope = Partial<QueueScope>;

const scoped = (scope: Scope): QueueScope => ({ filter: null, includeSkipped: false, ...scope });

export async function labelAs({ services: { annotate } }: Pick<Facet, 'services'>, name = 'Ada') {
  const who = new Connection();
  const { id: annotatorId } = await annotate.identify(who, { name });
  /** A project that was closed and opened again knows nobody. */
  const again = () => annotate.identify(who, { annotatorId });
  const named = (what: 'undo' | 'redo', scope: Scope) => ({
    ...scoped(scope),
    annotatorId,
    // 0 names no decision: main says that there is nothing.
    step: annotate.steps(who)[what]?.id ?? 0,
  });
  return {
    who,
    annotatorId,
    queue: async (pairId: number | null = null, scope: Scope = {}): Promise<Queue> => {
      await again();
      return annotate.queue(who, { ...scoped(scope), pairId });
    },
    decide: (
      {
        pairId,
        verdict,
        leftKey = 'b',
        durationMs = 100,
        requestId = randomUUID(),
        attributes,
        ranking,
      }: TestDecision,
      scope: Scope = {},
    ): Promise<Queue> =>
      annotate.decide(who, {
        ...scoped(scope),
        requestId,
        annotatorId,
        pairId,
        verdict,
        leftKey,
        durationMs,
        attributes,
        ...(ranking && { ranking }),
      }),
    /** Chosen over those replies of a pair. */
    write: (
      reply: Pick<NewReply, 'pairId' | 'text' | 'over'> & { readonly requestId?: string },
      scope: Scope = {},
    ): Promise<Queue> =>
      annotate.write(who, { requestId: randomUUID(), ...scoped(scope), annotatorId, ...reply }),
    undo: (scope: Scope = {}): Promise<Queue> => annotate.undo(who, named('undo', scope)),
    redo: (scope: Scope = {}): Promise<Queue> => annotate.redo(who, named('redo', scope)),
  };
}
