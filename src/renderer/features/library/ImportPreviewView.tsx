import { Button } from '@mantine/core';
import type { ImportPreview } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { fileName, formatCount, plural } from '../../format.ts';
import { chooseAnother, runImport } from './importStore.ts';
import css from './library.module.css';
import { ProblemList } from './ProblemList.tsx';

const formats: Readonly<Record<string, string>> = {
  pairs: 'prompt · chosen · rejected',
  'hh-dialogue': 'HH-RLHF dialogues',
  sharegpt: 'ShareGPT conversations',
};

/** What the file holds and what an import would add, before it happens. */
export function ImportPreviewView({ preview }: { readonly preview: ImportPreview }) {
  const fresh = Math.max(0, preview.readable - preview.duplicates);
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
      {preview.sample.length > 0 && (
        <section>
          <div className={css.sample}>
            <span className="label">Prompt</span>
            <span className="label">Chosen</span>
            <span className="label">Rejected</span>
          </div>
          <ScrollRegion label="First rows" className={css.scroll}>
            {[...preview.sample.entries()].map(([position, { messages, chosen, rejected }]) => (
              <div key={position} className={css.sample}>
                <span>
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
          {fresh === 0 ? 'Nothing new to import' : `Import ${plural(fresh, 'pair')}`}
        </Button>
      </div>
    </div>
  );
}
