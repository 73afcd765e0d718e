import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { api } from '../../api/client.ts';
import { type HeatMapData, rowWeights, sourceOfRow, strongestCodes } from '../../charts/heatMap/data.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import css from './codes.module.css';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly data: HeatMapData;
  readonly onPrompt: (promptId: number) => void;
}

const ROW_PIXELS = 34;

/** The heat map as words: every prompt with its three strongest codes. */
export function PromptTable({ of, data, onPrompt }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: data.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 8,
  });
  return (
    <div ref={scroller} className={css.table}>
      <ol
        aria-label={`${data.rows} prompts with their strongest codes`}
        style={{
          height: rows.getTotalSize(),
          position: 'relative',
          margin: 0,
          padding: 0,
          listStyle: 'none',
        }}
      >
        {rows.getVirtualItems().map(({ index, start }) => (
          <li
            key={index}
            aria-posinset={index + 1}
            aria-setsize={data.rows}
            style={{ position: 'absolute', insetInline: 0, transform: `translateY(${start}px)` }}
          >
            <PromptRow of={of} data={data} row={index} onPrompt={onPrompt} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function PromptRow({ of, data, row, onPrompt }: Props & { readonly row: number }) {
  const promptId = data.promptIds[row] ?? 0;
  const prompt = useQuery({
    ...api.codes.prompt.queryOptions({ input: { ...of, promptId } }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  return (
    <div className={css.tableRow}>
      <button type="button" className={`ellipsis ${css.codeLink}`} onClick={() => onPrompt(promptId)}>
        {prompt?.messages.at(-1)?.content ?? `prompt ${promptId}`}
      </button>
      <span className="muted ellipsis">{sourceOfRow(data, row)}</span>
      <span className="row">
        {strongestCodes(rowWeights(data, row), 3).map(({ code, weight }) => (
          <CodeSwatch key={code} code={code} label={`${code}: ${weight.toFixed(2)}`} />
        ))}
      </span>
    </div>
  );
}
