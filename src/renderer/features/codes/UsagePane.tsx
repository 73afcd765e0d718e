import { NativeSelect } from '@mantine/core';
import type { CodeName, CodesOverview } from '#shared/entities.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { CODE_ORDERS, type CodeOrder, ORDER_LABELS, orderCodes } from './codeOrder.ts';
import css from './codes.module.css';

interface Props {
  readonly overview: CodesOverview;
  readonly names: readonly CodeName[];
  readonly order: CodeOrder;
  readonly onOrder: (order: CodeOrder) => void;
  readonly selected: number | null;
  readonly onCode: (code: number) => void;
}

/** Every code with its share of all mass; dead ones are said to be dead. */
export function UsagePane({ overview, names, order, onOrder, selected, onCode }: Props) {
  const scheme = useColourScheme();
  /** Its name where it has one, else the words of its prompts. */
  const words = (code: number, keywords: readonly string[], first: number): string =>
    names.find((named) => named.code === code)?.name || (first > 0 ? keywords.slice(0, 4).join(', ') : '');
  return (
    <section className={css.pane} aria-label="Use of the codes">
      <div className={css.head}>
        <h2>Codes</h2>
        <span className="grow" />
        <NativeSelect
          size="xs"
          aria-label="Order of the codes"
          value={order}
          data={CODE_ORDERS.map((value) => ({ value, label: ORDER_LABELS[value] }))}
          onChange={({ currentTarget }) =>
            onOrder(CODE_ORDERS.find((value) => value === currentTarget.value) ?? 'number')
          }
        />
      </div>
      <ul className={css.list}>
        {orderCodes(overview.summaries, order).map(({ code, share, first, dead, keywords }) => (
          <li key={code}>
            <button
              type="button"
              className={css.code}
              aria-current={code === selected}
              onClick={() => onCode(code)}
            >
              <CodeSwatch code={code} />
              <span className={css.bar} aria-hidden="true">
                <i
                  style={{
                    width: `${overview.topShare > 0 ? (100 * share) / overview.topShare : 0}%`,
                    background: codeColour(code, scheme),
                  }}
                />
              </span>
              <span className={css.number}>{formatShare(share)}</span>
              <span className={`muted ${css.number}`}>
                {dead ? 'not in use' : `${formatCount(first)} first`}
              </span>
              {words(code, keywords, first) !== '' && (
                <span className={`ellipsis ${css.words}`}>{words(code, keywords, first)}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <div className={css.foot}>
        Share of all mass over {plural(overview.prompts, 'prompt')}; the longest bar is{' '}
        {formatShare(overview.topShare)}. First: prompts for which it is the strongest.
      </div>
    </section>
  );
}
