import { Button, NativeSelect } from '@mantine/core';
import type { CodeName, CodesOverview } from '#shared/entities.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { Coverage } from './Coverage.tsx';
import { CODE_ORDERS, type CodeOrder, ORDER_LABELS, orderCodes, ordersFor } from './codeOrder.ts';
import css from './codes.module.css';
import { SelectedPairs } from './SelectedPairs.tsx';
import { selectionReason } from './selectionReason.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly runName: string;
  readonly overview: CodesOverview;
  readonly names: readonly CodeName[];
  readonly order: CodeOrder;
  readonly onOrder: (order: CodeOrder) => void;
  readonly selected: number | null;
  readonly onCode: (code: number) => void;
  /** Codes chosen together. */
  readonly chosen: readonly number[];
  readonly onChoose: (codes: readonly number[]) => void;
}

/** Every code with its share of all mass; dead ones are said to be dead. */
export function UsagePane(props: Props) {
  const { of, runName, overview, names, order, onOrder, selected, onCode, chosen, onChoose } = props;
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
          data={ordersFor(overview.causes).map((value) => ({ value, label: ORDER_LABELS[value] }))}
          onChange={({ currentTarget }) =>
            onOrder(CODE_ORDERS.find((value) => value === currentTarget.value) ?? 'number')
          }
        />
      </div>
      <ul className={css.list}>
        {orderCodes(overview.summaries, order, overview.causes).map(
          ({ code, share, first, dead, keywords }) => (
            <li key={code} className={css.codeItem}>
              <input
                type="checkbox"
                aria-label={`Choose code ${code}`}
                checked={chosen.includes(code)}
                onChange={({ currentTarget }) =>
                  onChoose(
                    currentTarget.checked ? [...chosen, code] : chosen.filter((other) => other !== code),
                  )
                }
              />
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
          ),
        )}
      </ul>
      <div className={css.foot}>
        {chosen.length > 0 ? (
          <ChosenCodes of={of} runName={runName} codes={chosen} onClear={() => onChoose([])} />
        ) : (
          <Coverage of={of} runName={runName} />
        )}
      </div>
      <div className={css.foot}>
        Share of all mass over {plural(overview.prompts, 'prompt')}; the longest bar is{' '}
        {formatShare(overview.topShare)}. First: prompts for which it is the strongest.
      </div>
    </section>
  );
}

function ChosenCodes({
  of,
  runName,
  codes,
  onClear,
}: Pick<Props, 'of' | 'runName'> & { readonly codes: readonly number[]; readonly onClear: () => void }) {
  const selection = { codes: codes.toSorted((a, b) => a - b) };
  return (
    <>
      <div className="row">
        <b className="num">{plural(codes.length, 'code')} chosen</b>
        <span className="grow" />
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
      </div>
      <SelectedPairs of={of} selection={selection} reason={selectionReason(selection, runName, of.step)} />
    </>
  );
}
