/** This page's one annotation session. Outlives the screen. */
import { useStore } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { QueueScope } from '#shared/entities.ts';
import { api, client } from '../../api/client.ts';
import { useConnection } from '../../api/connection.ts';
import { CONNECTION_LOST, failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyFailure, notifyTold } from '../../components/notify.tsx';
import { identifyAgain } from '../../state/identity.ts';
import { useSaveState } from '../../state/saveState.ts';
import { createDesk } from './desk.ts';
import { openDrafts, sayAgain } from './deskDrafts.ts';
import { goldWords } from './goldWords.ts';
import type { Session } from './session.ts';
import { undoable } from './sessionView.ts';
import { handOver, keepAtHand, leaveAtHand } from './unsavedAtHand.ts';

/** The project and annotator of the session in force. */
let session = { project: '', annotatorId: 0 };

const refreshCounts = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: api.library.key() }),
    queryClient.invalidateQueries({ queryKey: api.project.current.queryKey() }),
  ]);

const desk = createDesk({
  annotate: client.annotate,
  newRequestId: () => crypto.randomUUID(),
  now: () => new Date().toISOString(),
  guidelines: () => queryClient.getQueryData(api.project.current.queryKey())?.guidelines.number,
  onSettled: () => void refreshCounts(),
  onTold: (gold, leftKey) => notifyTold({ ...goldWords(gold, leftKey), isRight: gold.isRight }),
  onMoved: (failure: Failure) => {
    notifyFailure(failure);
    void refreshCounts();
  },
  identifyAgain: (annotatorId) => identifyAgain(session.project, annotatorId),
});

export const useAnnotation = Object.assign(() => useStore(desk.store), {
  getState: (): Session => desk.store.getState(),
});
export const {
  decide: decideCurrent,
  write: writeReply,
  redo: redoLatest,
  retry: retrySave,
  reload: reloadQueue,
  forgetItems,
} = desk;

/** Takes back the latest decision; what it said beside is there to be said again. */
export function undoLatest(): void {
  const taken = undoable(desk.store.getState());
  if (taken !== null) sayAgain(taken.pairId, taken.attributes);
  desk.undo();
}

/** Leaves the pair on screen as it stands and shows the next. */
export const passOver = (): void => void desk.passOver().catch((error) => notifyFailure(failureOf(error)));

/** Begins or goes on with the session of an annotator in a project and loads its queue. */
export async function openDesk(
  project: string,
  annotatorId: number,
  pairId: number | null,
  scope?: QueueScope,
): Promise<void> {
  if (session.project !== project || session.annotatorId !== annotatorId) {
    session = { project, annotatorId };
    leaveAtHand();
    openDrafts(project, annotatorId);
    desk.begin(annotatorId);
    await handOver(project, annotatorId);
    await queryClient.invalidateQueries({ queryKey: api.annotate.unsaved.queryKey() });
  }
  await desk.load(pairId, scope);
}

/** Requests that this page still sends itself. */
export const onTheirWay = (): ReadonlySet<string> =>
  new Set(desk.unacknowledged().map(({ requestId }) => requestId));

desk.store.subscribe(({ operations, failure }) => {
  keepAtHand(session.project, desk.unacknowledged());
  useSaveState.setState({
    pending: operations.length,
    failure,
    retry: failure === null ? null : retrySave,
  });
});

/** What failed only because the line was down goes on by itself when it is back. */
useConnection.subscribe(({ state }) => {
  if (state.phase === 'open' && desk.store.getState().failure?.code === CONNECTION_LOST) retrySave();
});

window.facetUnsaved = () => {
  const { operations, failure } = desk.store.getState();
  return { pending: operations.length, failure: failure?.message ?? null, retry: retrySave };
};

/** A page that closes while a verdict waits asks first. */
window.addEventListener('beforeunload', (event) => {
  if (desk.store.getState().operations.length > 0) event.preventDefault();
});
