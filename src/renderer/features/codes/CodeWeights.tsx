import { strongestCodes } from '../../charts/heatMap/data.ts';
import { CodeBar } from '../../components/Code.tsx';
import css from './codes.module.css';

interface Props {
  /** p(z|x), one number a code. */
  readonly weights: readonly number[];
  readonly onCode: (code: number) => void;
  readonly limit?: number;
}

const ALWAYS_SHOWN = 3;
const LEAST_WEIGHT = 0.005;

/** The strongest codes of one prompt; what the rest carry is said, not dropped. */
export function CodeWeights({ weights, onCode, limit = 10 }: Props) {
  const strongest = strongestCodes(weights, limit).filter(
    ({ weight }, rank) => rank < ALWAYS_SHOWN || weight >= LEAST_WEIGHT,
  );
  const rest = 1 - strongest.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <div className={css.bars}>
      {strongest.map(({ code, weight }) => (
        <button key={code} type="button" className={css.codeLink} onClick={() => onCode(code)}>
          <CodeBar code={code} share={weight} />
        </button>
      ))}
      {weights.length > strongest.length && (
        <span className="small muted num">
          the other {weights.length - strongest.length} codes together {Math.max(0, rest).toFixed(2)}
        </span>
      )}
    </div>
  );
}
