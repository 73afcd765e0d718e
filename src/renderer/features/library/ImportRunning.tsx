import { Button } from '@mantine/core';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { fileName, formatCount, formatDuration } from '../../format.ts';
import { cancelImport, closeImport, type ImportStage } from './importStore.ts';

type Running = Extract<ImportStage, { stage: 'running' }>;

export function ImportRunning({ state }: { readonly state: Running }) {
  const left = state.leftMs === null ? '' : ` · ${formatDuration(state.leftMs)} left`;
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row num" role="status">
        <b>{fileName(state.file)}</b>
        <span className="grow" />
        <span className="muted">
          {formatCount(state.rows)} of {formatCount(state.expectedRows)} rows{left}
        </span>
      </div>
      <ProgressLine value={state.share} label="Import" />
      <div className="row">
        <span className="small muted">All or nothing: a cancelled import leaves nothing behind.</span>
        <span className="grow" />
        <Button onClick={cancelImport}>Cancel</Button>
        <Button onClick={closeImport}>Go on in the background</Button>
      </div>
    </div>
  );
}
