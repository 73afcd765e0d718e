import { useQuery } from '@tanstack/react-query';
import type { PairDetails } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { fileName, formatMoment } from '../../format.ts';
import { attributeWords } from '../annotate/revealWords.ts';
import { fieldText } from './columns.tsx';
import css from './library.module.css';

const DECISIONS = {
  a: 'reply A',
  b: 'reply B',
  tie: 'tie',
  both_bad: 'both bad',
  skip: 'skipped',
  retracted: 'no verdict',
} as const;
const ACTIONS = { decide: '', undo: 'undone: ', redo: 'redone: ' } as const;

/** Where the pair comes from, what its row says beside the texts, and every label that was ever given. */
export function PairRecord({ pairId }: { readonly pairId: number }) {
  const details = useQuery(api.library.details.queryOptions({ input: { pairId } }));
  if (details.data === undefined) return <ErrorCard error={details.error} />;
  return (
    <>
      <section aria-label="Labels">
        <h2 className={`label ${css.detailHead}`}>Labels</h2>
        <Labels details={details.data} />
      </section>
      <section aria-label="Row">
        <h2 className={`label ${css.detailHead}`}>Row</h2>
        <Row details={details.data} />
      </section>
    </>
  );
}

/** What was said, and who has it before them and said nothing yet; others' are hidden until the pair is decided. */
function Labels({ details: { labels, onDesks, metadata } }: { readonly details: PairDetails }) {
  const note = metadata === null ? 'What others say is shown once you have decided.' : null;
  if (labels.length === 0 && onDesks.length === 0)
    return <p className="small muted">{note ?? 'Nobody has labelled it yet.'}</p>;
  return (
    <>
      <ol className={css.record}>
        {[...labels.entries()].map(([place, { annotator, kind, action, decision, attributes, at }]) => (
          <li key={place}>
            <span>
              {ACTIONS[action]}
              {DECISIONS[decision]}
              {attributeWords(attributes, null).map((words) => `, ${words}`)}
            </span>
            <span className="muted">
              {annotator === null
                ? 'the file'
                : kind === 'import'
                  ? `${annotator}, says the file`
                  : annotator}{' '}
              · {formatMoment(at)}
            </span>
          </li>
        ))}
        {onDesks.map(({ annotator, since }) => (
          <li key={annotator}>
            <span className="muted">on the desk, nothing said yet</span>
            <span className="muted">
              {annotator} · {formatMoment(since)}
            </span>
          </li>
        ))}
      </ol>
      {note !== null && <p className="small muted">{note}</p>}
    </>
  );
}

function Row({ details }: { readonly details: PairDetails }) {
  const { file, row, importedAt, itemId, metadata } = details;
  const origin = [
    ['File', `${fileName(file)}, row ${row}`],
    ['Imported', formatMoment(importedAt)],
    ...(itemId === null ? [] : [['Id', itemId]]),
  ] as const;
  return (
    <dl className={css.fields}>
      {origin.map(([name, value]) => (
        <div key={name}>
          <dt className="muted">{name}</dt>
          <dd title={name === 'File' ? file : undefined}>{value}</dd>
        </div>
      ))}
      {Object.entries(metadata ?? {}).map(([name, value]) => (
        <div key={`field:${name}`}>
          <dt className="muted">{name}</dt>
          <dd>{fieldText(value)}</dd>
        </div>
      ))}
      {metadata === null && (
        <div>
          <dt className="muted">Other columns</dt>
          <dd className="muted">shown once you have decided</dd>
        </div>
      )}
    </dl>
  );
}
