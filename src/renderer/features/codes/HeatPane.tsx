import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { MapRegion } from '#shared/codeMap.ts';
import type { CodesOverview, Run } from '#shared/entities.ts';
import type { Cell } from '../../charts/heatMap/cells.ts';
import { type HeatMapData, sourceOfRow } from '../../charts/heatMap/data.ts';
import { HeatMap } from '../../charts/heatMap/HeatMap.tsx';
import type { RowViewState } from '../../charts/heatMap/useRowView.ts';
import { formatCount, plural } from '../../format.ts';
import css from './codes.module.css';
import { HeatTip } from './HeatTip.tsx';
import { MatrixPane } from './MatrixPane.tsx';
import { PromptMap } from './map/PromptMap.tsx';
import { PromptTable } from './PromptTable.tsx';
import { TimelinePane } from './timeline/TimelinePane.tsx';
import type { CodesOf } from './useHeatMap.ts';
import type { CellPlace, Selection } from './useSelection.ts';

interface Props {
  readonly run: Run;
  readonly runs: readonly Run[];
  readonly of: CodesOf;
  readonly data: HeatMapData;
  readonly causes: CodesOverview['causes'];
  /** Names that were given to codes. */
  readonly names: ReadonlyMap<number, string>;
  /** What was drawn on the map. */
  readonly region: MapRegion | null;
  readonly onRegion: (region: MapRegion | null) => void;
  /** Codes from left to right. */
  readonly order: readonly number[];
  readonly dead: ReadonlySet<number>;
  readonly code: number | null;
  readonly promptId: number | null;
  readonly cell: CellPlace | null;
  readonly onCode: (code: number) => void;
  readonly onPrompt: (promptId: number) => void;
  readonly onCell: Selection['selectCell'];
}

const LOOKS = [
  { value: 'heat', label: 'Heat map' },
  { value: 'map', label: 'Map' },
  { value: 'table', label: 'Table' },
  { value: 'groups', label: 'Groups' },
  { value: 'time', label: 'Timeline' },
] as const;
type Look = (typeof LOOKS)[number]['value'];
const TITLES: Readonly<Record<Look, string>> = {
  heat: 'Prompts × codes',
  map: 'Prompts',
  table: 'Prompts × codes',
  groups: 'Groups × codes',
  time: 'Codes over time',
};

/** Prompts × codes, as a picture or as a table; prompts as points; or groups of pairs × codes. */
export function HeatPane(props: Props) {
  const {
    run,
    runs,
    of,
    names,
    region,
    onRegion,
    data,
    causes,
    order,
    dead,
    code,
    promptId,
    cell,
    onCode,
    onPrompt,
    onCell,
  } = props;
  const [look, setLook] = useState<Look>(cell === null ? 'heat' : 'groups');
  const [deadHidden, setDeadHidden] = useState(false);
  const columns = useMemo(
    () => (deadHidden ? order.filter((column) => !dead.has(column)) : order),
    [order, dead, deadHidden],
  );
  const row = promptId === null ? -1 : data.promptIds.indexOf(promptId);
  return (
    <section className={css.pane} aria-label="Prompts by codes">
      <div className={css.head}>
        <h2>{TITLES[look]}</h2>
        {(look === 'heat' || look === 'table') && (
          <span className="small muted num">
            {plural(data.rows, 'prompt')}, by source, then strongest code
          </span>
        )}
        <span className="grow" />
        {dead.size > 0 && (look === 'heat' || look === 'groups') && (
          <Button size="xs" aria-pressed={deadHidden} onClick={() => setDeadHidden(!deadHidden)}>
            {deadHidden ? `Show ${plural(dead.size, 'dead code')}` : 'Hide dead codes'}
          </Button>
        )}
        <SegmentedControl
          size="xs"
          aria-label="Look"
          value={look}
          onChange={(value) => setLook(LOOKS.find((one) => one.value === value)?.value ?? 'heat')}
          data={[...LOOKS]}
        />
      </div>
      {look === 'time' ? (
        <TimelinePane run={run} step={of.step} runs={runs} names={names} code={code} onCode={onCode} />
      ) : look === 'groups' ? (
        <MatrixPane of={of} causes={causes} order={columns} selected={cell} onCell={onCell} />
      ) : look === 'table' ? (
        <PromptTable of={of} data={data} onPrompt={onPrompt} />
      ) : look === 'map' ? (
        <PromptMap of={of} names={names} region={region} onRegion={onRegion} onPrompt={onPrompt} />
      ) : (
        <>
          <HeatMap
            data={data}
            order={columns}
            selectedCode={code}
            selectedRow={row < 0 ? null : row}
            onCode={onCode}
            onRow={(at) => onPrompt(data.promptIds[at] ?? 0)}
            tip={(cell) => <HeatTip of={of} data={data} cell={cell} />}
            describe={(cell) => describeCell(data, cell)}
            label={`Weights of ${data.codes} codes over ${data.rows} prompts`}
            controls={(view) => <HeatControls view={view} data={data} />}
          />
          <div className={css.foot}>
            Click or Enter: the prompt; a column’s number or Space: the code; arrow keys move; Ctrl and wheel,
            + or −: zoom
          </div>
        </>
      )}
    </section>
  );
}

function HeatControls({ view, data }: { readonly view: RowViewState; readonly data: HeatMapData }) {
  const { from, to } = view.view;
  const perLine = view.layout.rowsPerLine;
  return (
    <div className={css.head} style={{ borderBottom: 0, minHeight: 0 }}>
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
  const source = sourceOfRow(data, line.start);
  return line.rows === 1
    ? `prompt ${formatCount(line.start + 1)}, ${source}, code ${code}, weight ${weight.toFixed(2)}`
    : `prompts ${formatCount(line.start + 1)} to ${formatCount(line.start + line.rows)}, ${source}, code ${code}, mean weight ${weight.toFixed(2)}`;
}
