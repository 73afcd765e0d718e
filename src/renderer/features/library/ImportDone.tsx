import { Button } from '@mantine/core';
import { Chip } from '../../components/Chip.tsx';
import { fileName, formatCount, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { chooseAnother, closeImport, type ImportResult } from './importStore.ts';
import css from './library.module.css';
import { ProblemList } from './ProblemList.tsx';

interface Props {
  readonly file: string;
  readonly result: ImportResult;
}

export function ImportDone({ file, result }: Props) {
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      <div className={css.facts} role="status">
        <b>{fileName(file)}</b>
        <Chip tone="good">{plural(result.imported, 'pair')} imported</Chip>
        {result.duplicates > 0 && <Chip>{formatCount(result.duplicates)} already here</Chip>}
        {result.problemCount > 0 && <Chip tone="warn">{plural(result.problemCount, 'row')} left out</Chip>}
      </div>
      <ProblemList problems={result.problems} count={result.problemCount} />
      <div className="row">
        <Button onClick={chooseAnother}>Import another file</Button>
        <span className="grow" />
        <Button onClick={closeImport}>Close</Button>
        <Button
          variant="filled"
          data-autofocus
          onClick={() => {
            closeImport();
            navigate('annotate');
          }}
        >
          Annotate
        </Button>
      </div>
    </div>
  );
}
