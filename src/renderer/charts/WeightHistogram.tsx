import { plural } from '../format.ts';
import { codeColour } from '../theme/codeColour.ts';
import { useColourScheme } from '../theme/useColourScheme.ts';
import css from './WeightHistogram.module.css';

interface Props {
  readonly code: number;
  /** Prompts in each of equal steps of weight from 0 to 1. */
  readonly counts: readonly number[];
  /** Prompts in which it has at least half of the weight. */
  readonly half: number;
}

const HEIGHT = 64;

/** How a code's weight spreads over all prompts. Heights are square roots, so that single prompts show. */
export function WeightHistogram({ code, counts, half }: Props) {
  const scheme = useColourScheme();
  const bins = counts.length;
  const most = Math.max(1, ...counts);
  const prompts = counts.reduce((sum, count) => sum + count, 0);
  const says = `${plural(prompts, 'prompt')}; ${plural(half, 'prompt')} at weight 0.5 or more`;
  return (
    <figure className={css.figure}>
      <svg
        viewBox={`0 0 ${bins} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Weight of code ${code} over ${says}`}
      >
        {counts.map((count, bin) => {
          const height = count === 0 ? 0 : Math.max(1.5, HEIGHT * Math.sqrt(count / most));
          const from = (bin / bins).toFixed(2);
          return (
            <rect
              key={from}
              x={bin + 0.08}
              width={0.84}
              y={HEIGHT - height}
              height={height}
              fill={codeColour(code, scheme)}
            >
              <title>
                {plural(count, 'prompt')} from {from} to {((bin + 1) / bins).toFixed(2)}
              </title>
            </rect>
          );
        })}
      </svg>
      <div className={css.axis} aria-hidden="true">
        <span>0</span>
        <span>weight</span>
        <span>1</span>
      </div>
      <figcaption>{says}. Heights are square roots of counts.</figcaption>
    </figure>
  );
}
