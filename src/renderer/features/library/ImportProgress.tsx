import { Chip } from '../../components/Chip.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { fileName, formatCount, formatDuration } from '../../format.ts';
import { openImport, useImport } from './importStore.ts';
import css from './library.module.css';

/** The running import while its dialog is closed. */
export function ImportProgress() {
  const { now, opened } = useImport();
  if (opened || now.stage !== 'running') return null;
  const left = now.leftMs === null ? '' : ` · ${formatDuration(now.leftMs)} left`;
  return (
    <span className={css.running}>
      <Chip onClick={openImport} title="Show the import">
        Importing {fileName(now.file)} · {formatCount(now.rows)} of {formatCount(now.expectedRows)}
        {left}
      </Chip>
      <ProgressLine value={now.share} label="Import" />
    </span>
  );
}
