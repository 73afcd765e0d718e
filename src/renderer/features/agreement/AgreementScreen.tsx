import { Button, SegmentedControl, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { RaterChoice } from '#shared/agreementEntities.ts';
import { FailureCard } from '../../components/FailureCard.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { formatShare } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { LibraryViews } from '../library/LibraryViews.tsx';
import css from '../statistics/statistics.module.css';
import { useRuns } from '../train/useRuns.ts';
import { AgreementFigures } from './AgreementFigures.tsx';
import { agreement } from './store.ts';

/** How far people agree, and how each of them leans. */
export function AgreementScreen() {
  const path = useProject()?.path;
  const { project, figures, share, failure } = agreement.use();
  const [raters, setRaters] = useState<RaterChoice>('people');
  const [runId, setRunId] = useState<number | null>(null);
  const runs = (useRuns().data ?? []).filter(({ codesStep }) => codesStep !== null);
  useEffect(() => {
    if (path === undefined) return undefined;
    void agreement.start(path, { raters, runId, seed: 0 });
    return agreement.cancel;
  }, [path, raters, runId]);
  const again = () => path !== undefined && void agreement.start(path, { raters, runId, seed: 0 });
  return (
    <div className={css.screen}>
      <ScreenBar
        title="Library"
        actions={
          <>
            <Button onClick={() => navigate('annotate', { disagreements: '1' })}>Settle disagreements</Button>
            {share === null ? (
              <Button disabled={path === undefined} onClick={again}>
                Count again
              </Button>
            ) : (
              <Button onClick={agreement.cancel}>Cancel</Button>
            )}
          </>
        }
      >
        <LibraryViews current="agreement" />
        <span className="small muted num" role="status">
          {share === null ? '' : `Counting… ${formatShare(share, 0)}`}
        </span>
      </ScreenBar>
      {share !== null && <ProgressLine value={share} label="Agreement" />}
      <div className={css.body}>
        <div className="row" style={{ flexWrap: 'wrap' }}>
          <SegmentedControl<RaterChoice>
            aria-label="Whose labels"
            size="xs"
            value={raters}
            onChange={setRaters}
            data={[
              { value: 'people', label: 'People' },
              { value: 'files', label: 'Named by files' },
              { value: 'all', label: 'Both' },
            ]}
          />
          {runs.length > 0 && (
            <Select
              size="xs"
              aria-label="Codes of a run"
              placeholder="Codes of a run"
              clearable
              value={runId === null ? null : String(runId)}
              onChange={(id) => setRunId(id === null ? null : Number(id))}
              data={runs.map(({ id, name }) => ({ value: String(id), label: name }))}
            />
          )}
        </div>
        {failure !== null && <FailureCard failure={failure} onRetry={again} />}
        {figures !== null && project === path && <AgreementFigures report={figures} />}
      </div>
    </div>
  );
}
