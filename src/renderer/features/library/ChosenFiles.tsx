import { Chip } from '../../components/Chip.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, plural } from '../../format.ts';
import { type ChosenFile, lookAt } from './importStore.ts';
import css from './library.module.css';

interface Props {
  readonly files: readonly ChosenFile[];
  readonly at: number;
}

/** Several files, each with what became of it; the chosen one's details stand below. */
export function ChosenFiles({ files, at }: Props) {
  if (files.length < 2) return null;
  return (
    <ScrollRegion label="Files" className={css.files}>
      {[...files.entries()].map(([position, file]) => (
        <button
          key={`${file.request.file} ${file.request.entry ?? ''}`}
          type="button"
          className={css.file}
          aria-pressed={position === at}
          onClick={() => lookAt(position)}
        >
          <b className={css.fileName}>{file.name}</b>
          <FileState file={file} />
        </button>
      ))}
    </ScrollRegion>
  );
}

const addedWords = ({ added, singles }: { readonly added: number; readonly singles: number }): string =>
  [
    ...(added > 0 || singles === 0 ? [plural(added, 'pair')] : []),
    ...(singles > 0 ? [plural(singles, 'single reply', 'single replies')] : []),
  ].join(' and ');

function FileState({ file }: { readonly file: ChosenFile }) {
  const { preview, result, failure, isReading } = file;
  if (failure !== null) return <Chip tone="bad">not read</Chip>;
  if (result !== null) {
    const { counts, problemCount } = result;
    return (
      <>
        <Chip tone="good">{addedWords(counts)} added</Chip>
        {counts.alreadyThere > 0 && <Chip>{formatCount(counts.alreadyThere)} there already</Chip>}
        {problemCount > 0 && <Chip tone="warn">{plural(problemCount, 'problem')}</Chip>}
      </>
    );
  }
  if (preview === null) return <span className="small muted">{isReading ? 'Reading…' : 'waits'}</span>;
  const { counts, problemCount } = preview;
  return (
    <>
      <span className="small muted num">{plural(preview.rows, 'row')}</span>
      <Chip tone={counts.added > 0 ? 'accent' : 'plain'}>
        {formatCount(counts.added + counts.singles)} new
      </Chip>
      {problemCount > 0 && <Chip tone="warn">{plural(problemCount, 'problem')}</Chip>}
    </>
  );
}
