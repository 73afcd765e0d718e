import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { notifyDone, notifyFailure } from '../../components/notify.tsx';
import { formatCount } from '../../format.ts';
import { useScreen } from '../../state/screen.ts';
import { setStatus } from '../../state/status.ts';
import { useWork } from '../../state/work.ts';
import { isActive, timeWords } from './runWords.ts';
import { useRuns } from './useRuns.ts';

/** Keeps the foot's line about the run at work, on every screen, and says when it has ended. */
export function useRunStatus(enabled: boolean): void {
  const queries = useQueryClient();
  const { data: runs } = useRuns(enabled);
  const run = (enabled && runs?.find(isActive)) || null;
  // The one figure of the time left: the run's own.
  const leftMs = useWork(({ list }) => list.find(({ training }) => training)?.leftMs ?? null);
  const followed = useRef<{ id: number } | null>(null);

  useEffect(() => {
    if (run === null) {
      setStatus({ engine: null, activity: null, progress: null });
      return;
    }
    followed.current = { id: run.id };
    setStatus({
      engine: run.engine,
      activity: activityLine(run, leftMs),
      progress: run.step / run.config.steps,
    });
  }, [run, leftMs]);

  const ended = followed.current && runs?.find(({ id }) => id === followed.current?.id);
  useEffect(() => {
    if (!ended || isActive(ended)) return;
    followed.current = null;
    void queries.invalidateQueries({ queryKey: api.codes.key() });
    void queries.invalidateQueries({ queryKey: api.library.rows.key() });
    void queries.invalidateQueries({ queryKey: api.project.current.key() });
    if (isShown(ended, runs ?? [])) return;
    if (ended.failure)
      notifyFailure({ code: ended.failure.code, message: `${ended.name}: ${ended.failure.message}` });
    else if (ended.state === 'paused')
      notifyDone(`${ended.name} is paused`, `It can be resumed from step ${formatCount(ended.step)}.`);
    else notifyDone(`${ended.name} has ended`, 'Its checkpoint is saved.');
  }, [ended, runs, queries]);
}

/** True where the Train screen shows the run: its own bar and card say how it ended, beneath where a notice would lie. */
function isShown({ id }: Run, runs: readonly Run[]): boolean {
  const { screen, params } = useScreen.getState();
  if (screen !== 'train' || params.new !== undefined || params.sweep !== undefined) return false;
  return String(id) === (params.run ?? String(runs[0]?.id));
}

const activityLine = ({ name, step, config }: Run, left: number | null): string =>
  step === 0
    ? `${name} · getting ready`
    : `${name} · step ${formatCount(step)} of ${formatCount(config.steps)}${left === null ? '' : ` · ${timeWords(left)} left`}`;
