import type { CodePage } from '#shared/entities.ts';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatShare, plural } from '../../format.ts';

/** Who decided the code's pairs, and how far others agree with them there. */
export function CodeAnnotators({ page }: { readonly page: CodePage }) {
  const { annotators, blind } = page;
  if (annotators.length === 0) return null;
  return (
    <PaneSection label="Who labelled its pairs">
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {annotators.map(({ name, pairs, others, same }) => (
          <li key={name} className="row small" style={{ flexWrap: 'wrap' }}>
            <span className="grow ellipsis">{name}</span>
            <span className="num muted">
              {plural(pairs, 'pair')}
              {others > 0 &&
                `; ${formatShare(same / others, 0)} of ${plural(others, 'other verdict')} the same`}
            </span>
          </li>
        ))}
      </ul>
      {blind && <span className="small muted">Of pairs that you have decided: the project is blind.</span>}
    </PaneSection>
  );
}
