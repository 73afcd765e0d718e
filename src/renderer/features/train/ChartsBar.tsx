import { Button, NativeSelect } from '@mantine/core';
import type { StepRange } from '../../charts/stepRange.ts';
import { formatCount } from '../../format.ts';
import { SMOOTHINGS, type Smoothing } from './runSeries.ts';
import css from './train.module.css';

interface Props {
  readonly smoothing: Smoothing;
  /** Steps of the mean where nobody chose it. */
  readonly automatic: number;
  readonly onSmoothing: (smoothing: Smoothing) => void;
  readonly range: StepRange | null;
  readonly onWhole: () => void;
}

/** What all charts of a run have in common: how far steps are smoothed, and which of them are seen. */
export function ChartsBar({ smoothing, automatic, onSmoothing, range, onWhole }: Props) {
  const words = (window: Smoothing): string => {
    if (window === null) return `Smoothing: mean of ${formatCount(automatic)}, by length`;
    return window === 1 ? 'No smoothing' : `Mean of ${formatCount(window)}`;
  };
  return (
    <div className={css.toolbar}>
      <NativeSelect
        size="xs"
        className={css.choice ?? ''}
        aria-label="Smoothing"
        title="Running mean of so many reported steps; held-out figures are never smoothed"
        value={smoothing ?? ''}
        data={SMOOTHINGS.map((window) => ({ value: String(window ?? ''), label: words(window) }))}
        onChange={({ currentTarget: { value } }) => onSmoothing(value === '' ? null : Number(value))}
      />
      <span className="small muted num" aria-live="polite">
        {range && `Steps ${formatCount(Math.round(range[0]))} to ${formatCount(Math.round(range[1]))}`}
      </span>
      {range && (
        <Button size="xs" aria-keyshortcuts="0" onClick={onWhole}>
          Whole run
        </Button>
      )}
    </div>
  );
}
