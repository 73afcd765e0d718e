/** Runs an annotation session over the contract: applies keys at once and saves them in order. Knows no page. */
import { createStore } from 'zustand/vanilla';
import type { ReplyKey, Verdict } from '#core/preference.ts';
import type { Failure } from '#core/result.ts';
import type { VerdictAttributes } from '#core/verdictAttributes.ts';
import type { NewDecision, NewReply, Queue, QueueScope } from '#shared/entities.ts';
import type { GoldFeedback } from '#shared/goldEntities.ts';
import type { Client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import {
  type Decide,
  decide,
  emptySession,
  failed,
  loaded,
  moved,
  type Operation,
  pendingDecisions,
  redo,
  type Session,
  saved,
  sendingStarted,
  target,
  undo,
  WHOLE_PROJECT,
  written,
} from './session.ts';

export type WaitingVerdict = NewDecision & { readonly at: string };

export interface DeskPorts {
  readonly annotate: Pick<
    Client['annotate'],
    'queue' | 'decide' | 'write' | 'undo' | 'redo' | 'keep' | 'discard'
  >;
  readonly newRequestId: () => string;
  readonly now: () => string;
  /** The version of the guidelines on the page. */
  readonly guidelines: () => number | undefined;
  /** Everything that was done is on disk. */
  readonly onSettled: () => void;
  /** What was known of a pair that was decided, and which reply was on the left. */
  readonly onTold: (gold: GoldFeedback, leftKey: ReplyKey) => void;
  /** Main had another history than this page: its queue has been read again. */
  readonly onMoved: (failure: Failure) => void;
  /** Main does not know who labels here (any more); true where it knows again. */
  readonly identifyAgain: (annotatorId: number) => Promise<boolean>;
}

const MOVED = new Set(['annotate.history-moved', 'annotate.nothing-to-undo', 'annotate.nothing-to-redo']);

export function createDesk(ports: DeskPorts) {
  const store = createStore<Session>(() => emptySession);
  const apply = (change: (session: Session) => Session) => store.setState(change, true);
  /** Marks the session a reply belongs to: another project or annotator begins a new one. */
  let era = 0;
  let annotatorId = 0;

  const aside = new Set<Promise<unknown>>();
  /** Beside the saving; whatever hinders it hinders the saving as well, and that is shown. */
  const inBackground = (request: Promise<unknown>): void => {
    const ended: Promise<unknown> = request.catch(() => undefined).finally(() => aside.delete(ended));
    aside.add(ended);
  };

  const waiting = ({ requestId, item, verdict, ...given }: Decide): WaitingVerdict => ({
    requestId,
    annotatorId,
    pairId: item.pairId,
    verdict,
    leftKey: item.left.key,
    durationMs: given.durationMs,
    attributes: given.attributes,
    guidelines: given.guidelines,
    ...(given.ranking && { ranking: given.ranking }),
    at: given.at,
  });

  /** Verdicts that main has not acknowledged, oldest first. One about to be undone is not among them. */
  const unacknowledged = (): WaitingVerdict[] => {
    const { operations } = store.getState();
    const undone = operations.filter(({ kind }) => kind === 'undo').length;
    const pending = pendingDecisions(store.getState());
    return pending.slice(0, Math.max(0, pending.length - undone)).map(waiting);
  };

  async function load(pairId: number | null, scope: QueueScope = WHOLE_PROJECT): Promise<void> {
    const loadingEra = era;
    const queue = await ports.annotate.queue({ ...scope, pairId });
    if (loadingEra !== era) return;
    apply((session) => {
      const same = JSON.stringify(session.scope) === JSON.stringify(scope);
      const jump = pairId !== null || !same || session.items.length === 0;
      return loaded({ ...session, scope }, queue, jump);
    });
  }

  /** The queue as main has it now; the pair on screen stays, with what stands on it now. */
  const reload = (): Promise<void> => {
    const { items, scope } = store.getState();
    return load(items[0]?.pairId ?? null, scope);
  };

  async function send(operation: Operation, session: Session): Promise<Queue> {
    if (operation.kind === 'decide') {
      const { at: _, ...decision } = waiting(operation);
      return ports.annotate.decide({ ...session.scope, ...decision });
    }
    // 0 names no decision: main answers what there is.
    const step = target(session, operation)?.id ?? 0;
    return ports.annotate[operation.kind]({ ...session.scope, annotatorId, step });
  }

  /** Saves what waits, one at a time; stops at the first failure, which `retry` tries again. */
  async function flush(mayIdentify = true): Promise<void> {
    const sendingEra = era;
    for (;;) {
      const session = store.getState();
      const operation = session.operations[0];
      if (operation === undefined || session.sending || session.failure !== null) return;
      apply(sendingStarted);
      try {
        const queue = await send(operation, session);
        if (sendingEra !== era) return;
        apply((now) => saved(now, queue));
        if (queue.gold !== null && operation.kind === 'decide')
          ports.onTold(queue.gold, operation.item.left.key);
      } catch (error) {
        if (sendingEra !== era) return;
        const failure = failureOf(error);
        if (MOVED.has(failure.code)) await readAgain(failure);
        else if (failure.code === 'annotate.no-annotator' && mayIdentify) {
          const known = await ports.identifyAgain(annotatorId);
          if (sendingEra !== era) return;
          apply((now) => (known ? { ...now, sending: false } : failed(now, failure)));
          mayIdentify = false;
        } else apply((now) => failed(now, failure));
      }
      if (sendingEra === era && store.getState().operations.length === 0) ports.onSettled();
    }
  }

  async function readAgain(failure: Failure): Promise<void> {
    apply(moved);
    try {
      await reload();
      ports.onMoved(failure);
    } catch (error) {
      apply((session) => failed(session, failureOf(error)));
    }
  }

  /** What has to wait behind another save is kept beside the project at once: the page may not live to send it. */
  function keepWaiting(): void {
    const last = store.getState().operations.at(-1);
    if (last?.kind !== 'decide' || store.getState().operations.length < 2) return;
    inBackground(ports.annotate.keep({ verdicts: [waiting(last)] }));
  }

  return {
    store,
    /** Another project or another annotator: what waits belongs to the one before, and is kept beside its project. */
    begin(annotator: number): void {
      era += 1;
      annotatorId = annotator;
      store.setState(emptySession, true);
    },
    /** Loads the queue; `pairId` puts that pair on screen. Throws what the call throws. */
    load,
    reload,
    /** Pairs may have left the queue, or others come first: the next look at it begins with what main says. */
    forgetItems: (): void => apply((session) => ({ ...session, items: [] })),
    decide(
      verdict: Verdict,
      attributes: VerdictAttributes,
      durationMs: number,
      ranking?: NewDecision['ranking'],
    ): void {
      const before = store.getState();
      const given = { verdict, attributes, durationMs, ...(ranking && { ranking }) };
      const requestId = ports.newRequestId();
      const made = { requestId, at: ports.now(), guidelines: ports.guidelines() };
      apply((session) => decide(session, { ...given, ...made }));
      if (store.getState() !== before) keepWaiting();
      void flush();
    },
    /** Leaves the pair on screen as it stands and shows the next. */
    async passOver(): Promise<void> {
      apply((session) => ({ ...session, items: session.items.slice(1) }));
      const { items, scope } = store.getState();
      if (items.length === 0) await load(null, scope);
    },
    /** Stores a written reply; throws what the call throws, and then nothing is stored. */
    async write(reply: Pick<NewReply, 'pairId' | 'text' | 'over' | 'requestId'>): Promise<void> {
      const writingEra = era;
      const queue = await ports.annotate.write({ ...store.getState().scope, ...reply, annotatorId });
      if (writingEra !== era) return;
      apply((session) => written(session, queue));
      ports.onSettled();
    },
    undo(): void {
      const before = unacknowledged();
      apply(undo);
      const after = new Set(unacknowledged().map(({ requestId }) => requestId));
      const requestIds = before.flatMap(({ requestId }) => (after.has(requestId) ? [] : [requestId]));
      // What was kept of a verdict that is taken back would be offered later.
      if (requestIds.length > 0) inBackground(ports.annotate.discard({ requestIds }));
      void flush();
    },
    redo(): void {
      apply(redo);
      void flush();
    },
    /** Nothing is kept or dropped beside the saving any more. */
    atRest: async (): Promise<void> => {
      await Promise.all(aside);
    },
    retry(): void {
      apply((session) => ({ ...session, failure: null }));
      void flush();
    },
    unacknowledged,
  };
}
