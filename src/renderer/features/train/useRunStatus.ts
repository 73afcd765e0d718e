import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { formatCount } from '../../format.ts';
import { notifyDone, notifyFailure } from '../../components/notify.tsx';
import { setStatus } from '../../state/status.ts';
import { isActive, timeWords } from './runWords.ts';
import { useRuns } from './useRuns.ts';

/** Keeps the foot's line about the run at work, on every screen, and says when it has ended. */
export function useRunStatus(enabled: boolean): void {
  const queries = useQueryClient();
  const { data: runs } = useRuns(enabled);
  const run = (enabled && runs?.find(isActive)) || null;
  const followed = useRef<{ id: number; fromStep: number; at: number } | null>(null);

  useEffect(() => {
    if (run === null) {
      setStatus({ engine: null, activity: null, progress: null });
      return;
    }
    if (followed.current?.id !== run.id || followed.current.fromStep === 0)
      followed.current = { id: run.id, fromStep: run.step, at: performance.now() };
    const { fromStep, at } = followed.current;
    setStatus({
      engine: run.engine,
      activity: activityLine(run, msLeft(run, fromStep, performance.now() - at)),
      progress: run.step / run.config.steps,
    });
  }, [run]);

  const ended = followed.current && runs?.find(({ id }) => id === followed.current?.id);
  useEffect(() => {
    if (!ended || isActive(ended)) return;
    followed.current = null;
    void queries.invalidateQueries({ queryKey: api.codes.key() });
    void queries.invalidateQueries({ queryKey: api.project.current.key() });
    if (ended.state === 'failed' && ended.failure)
      notifyFailure({ code: ended.failure.code, message: `${ended.name}: ${ended.failure.message}` });
    else notifyDone(`${ended.name} has ended`, 'Its checkpoint is saved.');
  }, [ended, queries]);
}

const activityLine = ({ name, step, config }: Run, left: number | null): string =>
  step === 0
    ? `${name} · getting ready`
    : `${name} · step ${formatCount(step)} of ${formatCount(config.steps)}${left === null ? '' : ` · ${timeWords(left)} left`}`;

/** From the pace since it was first seen; null until it has moved on. */
function msLeft({ step, config }: Run, fromStep: number, elapsedMs: number): number | null {
  const gained = step - fromStep;
  return gained > 0 && fromStep > 0 ? (elapsedMs / gained) * (config.steps - step) : null;
}
