import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { FailureCard } from '../../components/FailureCard.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { formatMoment, formatShare } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { LibraryViews } from '../library/LibraryViews.tsx';
import { StatisticsFigures } from './StatisticsFigures.tsx';
import css from './statistics.module.css';
import { statistics } from './store.ts';

/** What the project holds and how it is labelled. */
export function StatisticsScreen() {
  const path = useProject()?.path;
  const { project, figures, countedAt, share, failure } = statistics.use();
  useEffect(() => {
    if (path === undefined) return undefined;
    void statistics.start(path, null);
    return statistics.cancel;
  }, [path]);
  return (
    <div className={css.screen}>
      <ScreenBar
        title="Library"
        actions={
          share === null ? (
            <Button
              disabled={path === undefined}
              onClick={() => path !== undefined && void statistics.start(path, null)}
            >
              Count again
            </Button>
          ) : (
            <Button onClick={statistics.cancel}>Cancel</Button>
          )
        }
      >
        <LibraryViews current="statistics" />
        <span className="small muted num" role="status">
          {share !== null
            ? `Counting… ${formatShare(share, 0)}`
            : countedAt === null
              ? ''
              : `Counted ${formatMoment(countedAt)}`}
        </span>
      </ScreenBar>
      {share !== null && <ProgressLine value={share} label="Statistics" />}
      <div className={css.body}>
        {failure !== null && (
          <FailureCard
            failure={failure}
            onRetry={() => path !== undefined && void statistics.start(path, null)}
          />
        )}
        {figures !== null && project === path && <StatisticsFigures figures={figures} />}
      </div>
    </div>
  );
}
