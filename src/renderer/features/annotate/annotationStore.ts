/** The one running annotation session: applies keys at once and saves them in order. Outlives the screen. */
import { create } from 'zustand';
import type { Verdict } from '#core/preference.ts';
import { api, client } from '../../api/client.ts';
import { useConnection } from '../../api/connection.ts';
import { CONNECTION_LOST, failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { useSaveState } from '../../state/saveState.ts';
import {
  decide,
  emptySession,
  failed,
  loaded,
  type Operation,
  type Session,
  saved,
  sendingStarted,
  undo,
} from './session.ts';

export const useAnnotation = create<Session>(() => emptySession);

const apply = (change: (session: Session) => Session) => useAnnotation.setState(change, true);

/** Marks the session a reply belongs to: another project or annotator begins a new one. */
let era = 0;

export function resetAnnotation(): void {
  era += 1;
  useAnnotation.setState(emptySession, true);
}

/** Loads the queue; `pairId` puts that pair on screen. Throws what the call throws. */
export async function loadQueue(pairId: number | null): Promise<void> {
  const loadingEra = era;
  const queue = await client.annotate.queue({ pairId });
  if (loadingEra === era)
    apply((session) => loaded(session, queue, pairId !== null || session.items.length === 0));
}

export function decideCurrent(verdict: Verdict, durationMs: number): void {
  apply((session) => decide(session, verdict, durationMs));
  void flush();
}

export function undoLatest(): void {
  apply(undo);
  void flush();
}

const send = (operation: Operation) =>
  operation.kind === 'undo'
    ? client.annotate.undo()
    : client.annotate.decide({
        pairId: operation.item.pairId,
        verdict: operation.verdict,
        leftKey: operation.item.left.key,
        durationMs: operation.durationMs,
      });

/** Saves what waits, one at a time; stops at the first failure, which `retrySave` tries again. */
async function flush(): Promise<void> {
  const sendingEra = era;
  for (;;) {
    const session = useAnnotation.getState();
    const operation = session.operations[0];
    if (operation === undefined || session.sending || session.failure !== null) return;
    apply(sendingStarted);
    try {
      const queue = await send(operation);
      if (sendingEra !== era) return;
      apply((now) => saved(now, queue));
    } catch (error) {
      if (sendingEra !== era) return;
      apply((now) => failed(now, failureOf(error)));
    }
    if (useAnnotation.getState().operations.length === 0) void refreshCounts();
  }
}

export function retrySave(): void {
  apply((session) => ({ ...session, failure: null }));
  void flush();
}

const refreshCounts = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
    queryClient.invalidateQueries({ queryKey: api.project.current.queryKey() }),
  ]);

useAnnotation.subscribe(({ operations, failure }) =>
  useSaveState.setState({
    pending: operations.length,
    failure,
    retry: failure === null ? null : retrySave,
  }),
);

/** What failed only because the line was down goes on by itself when it is back. */
useConnection.subscribe(({ state }) => {
  if (state.phase === 'open' && useAnnotation.getState().failure?.code === CONNECTION_LOST) retrySave();
});

/** A page that closes while a verdict waits asks first. */
window.addEventListener('beforeunload', (event) => {
  if (useAnnotation.getState().operations.length > 0) event.preventDefault();
});
