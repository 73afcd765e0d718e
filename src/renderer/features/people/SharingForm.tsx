import { NumberInput, SegmentedControl } from '@mantine/core';
import type { Overlap } from '#core/assignment.ts';
import { MOST_LABELS } from '#shared/assignmentEntities.ts';
import css from './people.module.css';

interface Props {
  /** Null where every person labels every pair. */
  readonly overlap: Overlap | null;
  readonly onChange: (overlap: Overlap | null) => void;
}

const FIRST: Overlap = { labels: 2, share: 0.2 };

/** Which pairs come to how many people. Each choice holds at once. */
export function SharingForm({ overlap, onChange }: Props) {
  const { labels, share } = overlap ?? FIRST;
  return (
    <fieldset className={css.sharing}>
      <legend>How pairs are shared</legend>
      <SegmentedControl<'all' | 'shared'>
        aria-label="How pairs are shared"
        size="xs"
        value={overlap === null ? 'all' : 'shared'}
        onChange={(choice) => onChange(choice === 'all' ? null : FIRST)}
        data={[
          { value: 'all', label: 'Everybody labels every pair' },
          { value: 'shared', label: 'Each pair comes to some' },
        ]}
      />
      {overlap !== null && (
        <>
          <div className="row" style={{ flexWrap: 'wrap' }}>
            <NumberInput
              size="xs"
              w="9rem"
              label="Labels on overlap"
              min={1}
              max={MOST_LABELS}
              allowDecimal={false}
              value={labels}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 1 && value <= MOST_LABELS)
                  onChange({ labels: value, share });
              }}
            />
            <NumberInput
              size="xs"
              w="9rem"
              label="Share of pairs"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={1}
              value={Math.round(share * 1000) / 10}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 0 && value <= 100)
                  onChange({ labels, share: value / 100 });
              }}
            />
          </div>
          <p className="small muted" style={{ margin: 0 }}>
            {`That share of the pairs comes to ${labels === 1 ? 'one person' : `${labels} people`}, the others to one. What somebody has on screen comes to nobody else in its place; a page that went away gives its pairs back after 15 minutes.`}
          </p>
        </>
      )}
    </fieldset>
  );
}
