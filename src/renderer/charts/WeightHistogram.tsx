import { plural } from '../format.ts';
import { codeColour } from '../theme/codeColour.ts';
import { useColourScheme } from '../theme/useColourScheme.ts';
import { weightHistogram } from './heatMap/data.ts';
import css from './WeightHistogram.module.css';

interface Props {
  readonly code: number;
  /** The code's weight in each prompt. */
  readonly weights: ArrayLike<number>;
}

const BINS = 25;
const HEIGHT = 64;

/** How a code's weight spreads over all prompts. Heights are square roots, so that single prompts show. */
export function WeightHistogram({ code, weights }: Props) {
  const scheme = useColourScheme();
  const counts = weightHistogram(weights, BINS);
  const most = Math.max(1, ...counts);
  const strong = Array.from(weights).filter((weight) => weight >= 0.5).length;
  const says = `${plural(weights.length, 'prompt')}; ${plural(strong, 'prompt')} at weight 0.5 or more`;
  return (
    <figure className={css.figure}>
      <svg
        viewBox={`0 0 ${BINS} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Weight of code ${code} over ${says}`}
      >
        {counts.map((count, bin) => {
          const height = count === 0 ? 0 : Math.max(1.5, HEIGHT * Math.sqrt(count / most));
          const from = (bin / BINS).toFixed(2);
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
                {plural(count, 'prompt')} from {from} to {((bin + 1) / BINS).toFixed(2)}
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
