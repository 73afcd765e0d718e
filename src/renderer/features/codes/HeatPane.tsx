import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { MapRegion } from '#shared/codeMap.ts';
import type { CodesOverview, Run } from '#shared/entities.ts';
import { plural } from '../../format.ts';
import css from './codes.module.css';
import { HeatLook } from './HeatLook.tsx';
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
  readonly causes: CodesOverview['causes'];
  /** Names that were given to codes. */
  readonly names: ReadonlyMap<number, string>;
  /** What was drawn on the map. */
  readonly region: MapRegion | null;
  readonly onRegion: (region: MapRegion | null) => void;
  /** Codes from left to right. */
  readonly order: readonly number[];
  readonly dead: ReadonlySet<number>;
  /** Sources of the prompts, by name. */
  readonly sources: readonly string[];
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
    causes,
    order,
    dead,
    sources,
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
  return (
    <section className={css.pane} aria-label="Prompts by codes">
      <div className={css.head}>
        <h2>{TITLES[look]}</h2>
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
        <PromptTable of={of} sources={sources} codes={columns} runName={run.name} onPrompt={onPrompt} />
      ) : look === 'map' ? (
        <PromptMap of={of} names={names} region={region} onRegion={onRegion} onPrompt={onPrompt} />
      ) : (
        <HeatLook
          of={of}
          order={columns}
          code={code}
          promptId={promptId}
          onCode={onCode}
          onPrompt={onPrompt}
        />
      )}
    </section>
  );
}
