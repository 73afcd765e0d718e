import { Button } from '@mantine/core';
import type { ImportPreview } from '#shared/importEntities.ts';
import { Chip } from '../../components/Chip.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { fileName, formatCount, plural } from '../../format.ts';
import { chooseAnother, runImport } from './importStore.ts';
import css from './library.module.css';
import { ProblemList } from './ProblemList.tsx';

const formats: Readonly<Record<string, string>> = {
  pairs: 'prompt · chosen · rejected',
  'two-replies': 'replies A and B',
  'replies-to-rank': 'replies to rank',
  singles: 'single replies with a label',
  facet: 'written by Facet',
  argilla: 'Argilla',
  'label-studio': 'Label Studio',
  'label-studio-min': 'Label Studio',
  'openai-preference': 'OpenAI preference',
  'prodigy-choice': 'Prodigy',
  'prodigy-compare': 'Prodigy',
  potato: 'Potato',
  'hh-dialogue': 'HH-RLHF dialogues',
  sharegpt: 'ShareGPT conversations',
};

const VERDICTS = {
  first: 'first preferred',
  second: 'second preferred',
  tie: 'tie',
  both_bad: 'both bad',
  none: 'unlabelled',
} as const;

/** Which field is read as what, and what is kept beside the pairs. */
function Readings({
  counts,
  readings,
  metadataFields,
}: Pick<ImportPreview, 'counts' | 'readings' | 'metadataFields'>) {
  const { unlabelled, ties, bothBad, joined, singles, conflicts } = counts;
  return (
    <div className={css.facts}>
      {readings.map(({ part, field }) => (
        <Chip key={`${part} ${field}`}>{part === field ? part : `${part}: ${field}`}</Chip>
      ))}
      {metadataFields.length > 0 && <Chip>kept as metadata: {metadataFields.join(', ')}</Chip>}
      {unlabelled > 0 && <Chip>{formatCount(unlabelled)} unlabelled</Chip>}
      {ties > 0 && <Chip>{plural(ties, 'tie')}</Chip>}
      {bothBad > 0 && <Chip>{formatCount(bothBad)} both bad</Chip>}
      {joined > 0 && <Chip>{plural(joined, 'further verdict')}</Chip>}
      {singles > 0 && <Chip>{plural(singles, 'single')}</Chip>}
      {conflicts > 0 && <Chip tone="warn">{plural(conflicts, 'conflict')}</Chip>}
    </div>
  );
}

/** What the file holds and what an import would add, before it happens. */
export function ImportPreviewView({ preview }: { readonly preview: ImportPreview }) {
  const { counts, readings, metadataFields } = preview;
  const fresh = counts.added + counts.joined + counts.singles;
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      <div className={css.facts}>
        <b>{fileName(preview.file)}</b>
        <Chip tone="accent">{formats[preview.format] ?? preview.format}</Chip>
        <Chip>{plural(preview.rows, 'row')}</Chip>
        {preview.duplicates > 0 && <Chip>{formatCount(preview.duplicates)} already here</Chip>}
        {preview.problemCount > 0 && (
          <Chip tone="warn">{plural(preview.problemCount, 'unreadable row')}</Chip>
        )}
      </div>
      <Readings counts={counts} readings={readings} metadataFields={metadataFields} />
      {preview.sample.length > 0 && (
        <section>
          <div className={css.sample}>
            <span className="label">Prompt</span>
            <span className="label">First reply</span>
            <span className="label">Second reply</span>
          </div>
          <ScrollRegion label="First rows" className={css.scroll}>
            {[...preview.sample.entries()].map(([position, { messages, chosen, rejected, verdict }]) => (
              <div key={position} className={css.sample}>
                <span>
                  <Chip tone={verdict === null ? 'warn' : 'good'}>{VERDICTS[verdict ?? 'none']}</Chip>{' '}
                  {messages.length > 1 && <Chip>{messages.length} turns</Chip>} {messages.at(-1)?.content}
                </span>
                <span className="muted">{chosen}</span>
                <span className="muted">{rejected}</span>
              </div>
            ))}
          </ScrollRegion>
        </section>
      )}
      <ProblemList problems={preview.problems} count={preview.problemCount} />
      <div className="row">
        <Button onClick={chooseAnother}>Another file</Button>
        <span className="grow" />
        <Button
          variant="filled"
          data-autofocus
          disabled={fresh === 0}
          onClick={() => void runImport(preview)}
        >
          {fresh === 0
            ? 'Nothing new to import'
            : counts.added > 0
              ? `Import ${plural(counts.added, 'pair')}`
              : 'Import'}
        </Button>
      </div>
    </div>
  );
}
