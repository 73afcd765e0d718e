import { Button } from '@mantine/core';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { fileName, formatCount, formatDuration } from '../../format.ts';
import { type ChosenFile, cancelImport, closeImport, type ImportStage } from './importStore.ts';

type Running = Extract<ImportStage, { stage: 'running' }>;

interface Props {
  readonly state: Running;
  readonly files: readonly ChosenFile[];
}

export function ImportRunning({ state, files }: Props) {
  const done = files.filter(({ result }) => result !== null).length;
  const left = state.leftMs === null ? '' : ` · ${formatDuration(state.leftMs)} left`;
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row num" role="status">
        <b>{fileName(state.file)}</b>
        {files.length > 1 && (
          <span className="muted">
            {done} of {files.length} files done
          </span>
        )}
        <span className="grow" />
        <span className="muted">
          {formatCount(state.rows)} of {formatCount(state.expectedRows)} rows{left}
        </span>
      </div>
      <ProgressLine value={state.share} label="Import" />
      <div className="row">
        <span className="small muted">All or nothing: a file that is cancelled leaves nothing behind.</span>
        <span className="grow" />
        <Button onClick={cancelImport}>Cancel</Button>
        <Button onClick={closeImport}>Go on in the background</Button>
      </div>
    </div>
  );
}
