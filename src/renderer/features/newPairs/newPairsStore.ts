/** The one drawing of new pairs at a time: set up, running, done. Goes on while other screens are open. */
import { create } from 'zustand';
import { FacetError, type Failure } from '#core/result.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { queryClient } from '../../api/queryClient.ts';
import { notifyDone } from '../../components/notify.tsx';
import { formatDuration, plural } from '../../format.ts';
import { setStatus } from '../../state/status.ts';
import { timeLeftMs } from '../library/timeLeft.ts';

export type NewPairsRequest = Parameters<typeof client.playground.newPairs>[0];

export type NewPairsStage =
  | { readonly stage: 'setup'; readonly failure: Failure | null }
  | {
      readonly stage: 'running';
      readonly done: number;
      readonly total: number;
      readonly text: string;
      readonly leftMs: number | null;
      readonly stopping: boolean;
    }
  | {
      readonly stage: 'done';
      readonly pairs: number | null;
      readonly sourceId: number | null;
      readonly identical: number;
      readonly stopped: boolean;
    };

const setup: NewPairsStage = { stage: 'setup', failure: null };

export const useNewPairs = create<{ readonly opened: boolean; readonly now: NewPairsStage }>(() => ({
  opened: false,
  now: setup,
}));

const show = (now: NewPairsStage) => useNewPairs.setState({ now });
let abort: AbortController | null = null;

export const openNewPairs = (): void => useNewPairs.setState({ opened: true });

/** Closes the dialog; a drawing under way goes on. */
export function closeNewPairs(): void {
  const { now } = useNewPairs.getState();
  useNewPairs.setState({ opened: false, now: now.stage === 'running' ? now : setup });
}

export const newPairsAgain = (): void => show(setup);

/** Ends the drawing; the pairs stored so far stay. */
export function stopNewPairs(): void {
  const { now } = useNewPairs.getState();
  if (now.stage === 'running') show({ ...now, stopping: true });
  abort?.abort();
}

const refresh = () =>
  Promise.all(
    [api.library.key(), api.project.key(), api.annotate.key(), api.runs.countPairs.key()].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );

export async function drawNewPairs(request: NewPairsRequest): Promise<void> {
  const own = new AbortController();
  abort = own;
  const startedAt = performance.now();
  let first: number | null = null;
  show({ stage: 'running', done: 0, total: request.prompts, text: '', leftMs: null, stopping: false });
  try {
    for await (const frame of await client.playground.newPairs(request, { signal: own.signal })) {
      if (frame.type === 'done') {
        show({
          stage: 'done',
          pairs: frame.pairs,
          sourceId: frame.sourceId,
          identical: frame.identical,
          stopped: own.signal.aborted,
        });
        if (!useNewPairs.getState().opened)
          notifyDone('New pairs are ready', `${plural(frame.pairs, 'pair')} to label`);
        return;
      }
      first ??= frame.done;
      const { done, total, text } = frame;
      // Prompts that were there before a stop cost no time: they are left out of the rate.
      const share = total > first ? (done - first) / (total - first) : null;
      const leftMs = timeLeftMs(performance.now() - startedAt, share);
      show({ stage: 'running', done, total, text, leftMs, stopping: own.signal.aborted });
      const left = leftMs === null ? '' : ` · ${formatDuration(leftMs)} left`;
      setStatus({
        activity: `New pairs · prompt ${done} of ${total}${left}`,
        progress: total > 0 ? done / total : null,
      });
    }
    if (!own.signal.aborted)
      throw new FacetError({
        code: 'new-pairs.ended',
        message: 'Drawing ended without a result.',
        fix: 'Start it again: pairs that are already there are skipped.',
      });
    show({ stage: 'done', pairs: null, sourceId: null, identical: 0, stopped: true });
  } catch (error) {
    if (own.signal.aborted) show({ stage: 'done', pairs: null, sourceId: null, identical: 0, stopped: true });
    else useNewPairs.setState({ opened: true, now: { stage: 'setup', failure: failureOf(error) } });
  } finally {
    abort = null;
    setStatus({ activity: null, progress: null });
    await refresh();
  }
}
