import { Button } from '@mantine/core';
import type { ImportPreview } from '#shared/importEntities.ts';
import { Chip } from '../../components/Chip.tsx';
import { FailureCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { plural } from '../../format.ts';
import { ChosenFiles } from './ChosenFiles.tsx';
import { CountChips } from './CountChips.tsx';
import { FieldMapping } from './FieldMapping.tsx';
import { type ChosenFile, chooseAnother, freshOf, runImport } from './importStore.ts';
import css from './library.module.css';
import { ProblemList } from './ProblemList.tsx';
import { SaveReport } from './SaveReport.tsx';

const VERDICTS = {
  first: 'first preferred',
  second: 'second preferred',
  tie: 'tie',
  both_bad: 'both bad',
  none: 'unlabelled',
} as const;

/** Pairs, or where there are none the single replies. */
function importWords(files: readonly ChosenFile[]): string {
  const sum = (part: 'added' | 'singles') =>
    files.reduce((total, { preview }) => total + (preview?.counts[part] ?? 0), 0);
  const [pairs, singles] = [sum('added'), sum('singles')];
  if (pairs > 0) return `Import ${plural(pairs, 'pair')}`;
  return singles > 0 ? `Import ${plural(singles, 'single reply', 'single replies')}` : 'Import';
}

interface Props {
  readonly files: readonly ChosenFile[];
  readonly at: number;
}

/** What the files hold and what an import would add, before it happens. */
export function ImportLook({ files, at }: Props) {
  const file = files[at];
  const reading = files.filter(({ isReading }) => isReading).length;
  const fresh = files.reduce((total, each) => total + freshOf(each), 0);
  const from =
    files.length > 1 ? ` from ${plural(files.filter((each) => freshOf(each) > 0).length, 'file')}` : '';
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      <ChosenFiles files={files} at={at} />
      {file?.failure && <FailureCard failure={file.failure} />}
      {file && file.preview === null && file.failure === null && <Loading label={`Reading ${file.name}…`} />}
      {file?.preview && <Details key={at} index={at} file={file} preview={file.preview} />}
      <div className="row">
        <Button onClick={chooseAnother}>Other files</Button>
        <SaveReport files={files} />
        <span className="grow" />
        <Button
          variant="filled"
          data-autofocus
          disabled={fresh === 0 || reading > 0}
          onClick={() => void runImport()}
        >
          {reading > 0 ? 'Reading…' : fresh === 0 ? 'Nothing new to import' : `${importWords(files)}${from}`}
        </Button>
      </div>
    </div>
  );
}

interface DetailsProps {
  readonly index: number;
  readonly file: ChosenFile;
  readonly preview: ImportPreview;
}

function Details({ index, file, preview }: DetailsProps) {
  return (
    <>
      <CountChips name={file.name} read={preview} />
      <FieldMapping index={index} file={file} preview={preview} />
      {preview.sample.length > 0 && <Sample rows={preview.sample} />}
      <ProblemList file={file.name} problems={preview.problems} count={preview.problemCount} />
    </>
  );
}

type SampleRow = ImportPreview['sample'][number];
const verdictOf = ({ rejected, verdict }: SampleRow): string =>
  rejected === null ? (verdict === 'first' ? 'good' : 'bad') : VERDICTS[verdict ?? 'none'];

function Sample({ rows }: { readonly rows: ImportPreview['sample'] }) {
  const isSingle = rows.every(({ rejected }) => rejected === null);
  return (
    <section>
      <div className={css.sample}>
        <span className="label">Prompt</span>
        <span className="label">{isSingle ? 'Reply' : 'First reply'}</span>
        {!isSingle && <span className="label">Second reply</span>}
      </div>
      <ScrollRegion label="First rows" className={css.scroll}>
        {[...rows.entries()].map(([position, row]) => (
          <SampleLine key={position} row={row} />
        ))}
      </ScrollRegion>
    </section>
  );
}

function SampleLine({ row }: { readonly row: SampleRow }) {
  const { messages, chosen, rejected, verdict, strength } = row;
  return (
    <div className={css.sample}>
      <span>
        <Chip tone={verdict === null ? 'warn' : rejected === null && verdict !== 'first' ? 'bad' : 'good'}>
          {verdictOf(row)}
          {strength !== null && `, strength ${strength}`}
        </Chip>{' '}
        {messages.length > 1 && <Chip>{messages.length} turns</Chip>} {messages.at(-1)?.content}
      </span>
      <span className="muted">{chosen}</span>
      {rejected !== null && <span className="muted">{rejected}</span>}
    </div>
  );
}
