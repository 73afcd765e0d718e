import { Button } from '@mantine/core';
import { FailureCard } from '../../components/FailureCard.tsx';
import { navigate } from '../../state/screen.ts';
import { ChosenFiles } from './ChosenFiles.tsx';
import { CountChips } from './CountChips.tsx';
import { type ChosenFile, chooseAnother, closeImport } from './importStore.ts';
import { ProblemList } from './ProblemList.tsx';
import { SaveReport } from './SaveReport.tsx';

interface Props {
  readonly files: readonly ChosenFile[];
  readonly at: number;
}

/** What became of each file. One that brought nothing new was looked at and left. */
export function ImportDone({ files, at }: Props) {
  const file = files[at];
  const read = file?.result ?? file?.preview;
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      <ChosenFiles files={files} at={at} />
      {file?.failure && <FailureCard failure={file.failure} />}
      {file && read && file.failure === null && (
        <>
          <CountChips name={file.name} read={read} isDone />
          <ProblemList file={file.name} problems={read.problems} count={read.problemCount} />
        </>
      )}
      <div className="row">
        <Button onClick={chooseAnother}>Import more</Button>
        <SaveReport files={files} />
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
