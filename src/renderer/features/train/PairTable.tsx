import { Button } from '@mantine/core';
import type { RunPair } from '#shared/runPairs.ts';
import { formatCompact } from '../../charts/compactNumber.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatFigure } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import css from './comparison.module.css';

/** Pairs of a run with margin and strongest code. */
export function PairTable({ pairs }: { readonly pairs: readonly RunPair[] }) {
  const withCodes = pairs.some(({ code }) => code !== null);
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Margin</th>
            {withCodes && <th scope="col">Code</th>}
            <th scope="col">Prompt</th>
            <th scope="col">Chosen</th>
            <th scope="col">Rejected</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ pairId, prompt, chosen, rejected, margin, code, weight }) => (
            <tr key={pairId}>
              <td className="num">{formatCompact(margin)}</td>
              {withCodes && (
                <td className="num">
                  {code !== null && <CodeSwatch code={code} label={`${code} · ${formatFigure(weight, 2)}`} />}
                </td>
              )}
              {[prompt, chosen, rejected].map((text, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three fixed columns
                <td key={column}>
                  <div className={css.text}>{text}</div>
                </td>
              ))}
              <td>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => navigate('annotate', { pair: String(pairId) })}
                >
                  Open pair {pairId}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
