import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { HEAT_GROUPS, type HeatGroup } from '#shared/heatMap.ts';
import type { Cell } from '../../charts/heatMap/cells.ts';
import { groupOfRow, type HeatMapData } from '../../charts/heatMap/data.ts';
import { HeatMap } from '../../charts/heatMap/HeatMap.tsx';
import type { RowViewState } from '../../charts/heatMap/useRowView.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount, plural } from '../../format.ts';
import css from './codes.module.css';
import { HeatTip } from './HeatTip.tsx';
import { type CodesOf, useHeatMap } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  /** Codes from left to right. */
  readonly order: readonly number[];
  readonly code: number | null;
  readonly promptId: number | null;
  readonly onCode: (code: number) => void;
  readonly onPrompt: (promptId: number) => void;
}

const GROUP_LABELS: Readonly<Record<HeatGroup, string>> = {
  source: 'rows by source',
  aspect: 'rows by aspect',
  tag: 'rows by tag',
  annotator: 'rows by annotator',
  cluster: 'rows by cluster',
};
/** What a group of rows is, where it need be told. */
const groupWords = (by: HeatGroup): string => {
  if (by === 'source') return '';
  if (by === 'cluster') return 'Clusters by k-means on √p(z|x): there are some in noise, too. ';
  return 'A prompt is where most of its pairs are. ';
};

/** Prompts × codes, in groups. */
export function HeatLook({ of, order, code, promptId, onCode, onPrompt }: Props) {
  const [by, setBy] = useState<HeatGroup>('source');
  const { map, read, selectedRow, error, again, onLines } = useHeatMap(of, by, promptId);
  if (error) return <ErrorCard error={error} onRetry={again} />;
  if (!map) return <Loading label="Reading the codes…" />;
  return (
    <>
      <HeatMap
        data={map}
        read={read}
        onLines={onLines}
        order={order}
        selectedCode={code}
        selectedRow={selectedRow}
        onCode={onCode}
        onPrompt={onPrompt}
        tip={(cell) => <HeatTip of={of} data={map} cell={cell} />}
        describe={(cell) => describeCell(map, cell)}
        label={`Weights of ${map.codes} codes over ${map.rows} prompts`}
        controls={(view) => <HeatControls view={view} data={map} by={by} onBy={setBy} />}
      />
      <div className={css.foot}>
        {groupWords(by)}Click or Enter: the prompt; a column’s number or Space: the code; arrow keys move;
        Ctrl and wheel, + or −: zoom
      </div>
    </>
  );
}

interface ControlsProps {
  readonly view: RowViewState;
  readonly data: HeatMapData;
  readonly by: HeatGroup;
  readonly onBy: (by: HeatGroup) => void;
}

function HeatControls({ view, data, by, onBy }: ControlsProps) {
  const { from, to } = view.view;
  const perLine = view.layout.rowsPerLine;
  return (
    <div className={css.head} style={{ borderBottom: 0, minHeight: 0 }}>
      <NativeSelect
        size="xs"
        aria-label="Rows"
        value={by}
        data={HEAT_GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
        onChange={({ currentTarget }) =>
          onBy(HEAT_GROUPS.find((value) => value === currentTarget.value) ?? 'source')
        }
      />
      <span className="small muted num">{plural(data.rows, 'prompt')}, then by strongest code</span>
      <span className="small muted num" aria-live="polite">
        {perLine > 1 ? `${formatCount(perLine)} prompts per line, mean shown` : 'one prompt per line'}
        {view.zoomed && ` · prompts ${formatCount(from + 1)} to ${formatCount(to)}`}
      </span>
      <span className="grow" />
      <span className={css.scale} title="Weight p(z|x), by opacity; small weights are lifted (power 0.7)">
        0 <i aria-hidden="true" /> {data.largest.toFixed(2)}
      </span>
      <ActionIcon.Group>
        <ActionIcon
          variant="default"
          aria-label="Show more prompts"
          aria-keyshortcuts="-"
          onClick={() => view.zoom(2)}
        >
          <IconMinus size={14} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label="Zoom in"
          aria-keyshortcuts="+"
          onClick={() => view.zoom(0.5)}
        >
          <IconPlus size={14} />
        </ActionIcon>
      </ActionIcon.Group>
      {view.zoomed && (
        <Button size="xs" aria-keyshortcuts="0" onClick={view.showAll}>
          All
        </Button>
      )}
    </div>
  );
}

function describeCell(data: HeatMapData, { code, line, weight }: Cell): string {
  if (!line || weight === null) return `code ${code}`;
  const group = groupOfRow(data, line.start) || 'none';
  return line.rows === 1
    ? `prompt ${formatCount(line.start + 1)}, ${group}, code ${code}, weight ${weight.toFixed(2)}`
    : `prompts ${formatCount(line.start + 1)} to ${formatCount(line.start + line.rows)}, ${group}, code ${code}, mean weight ${weight.toFixed(2)}`;
}
