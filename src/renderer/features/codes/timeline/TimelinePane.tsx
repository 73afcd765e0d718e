import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { CodeFlow } from '#shared/codeFlow.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { FlowChart } from '../../../charts/flow/FlowChart.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { formatCount, formatShare, plural } from '../../../format.ts';
import { isActive } from '../../train/runWords.ts';
import css from '../codes.module.css';
import { MotionMap } from '../map/MotionMap.tsx';
import { besideChoices } from './besideChoices.ts';
import { type CodeLine, codeLines } from './codeLines.ts';
import { LineTable } from './LineTable.tsx';

interface Props {
  readonly run: Run;
  /** Of the checkpoint that the screen is about; null while the run has none whose codes are read. */
  readonly step: number | null;
  readonly runs: readonly Run[];
  readonly names: ReadonlyMap<number, string>;
  readonly code: number | null;
  readonly onCode: (code: number) => void;
}

const TIME_LOOKS = [
  { value: 'shares', label: 'Shares of codes' },
  { value: 'prompts', label: 'Prompts that move' },
] as const;
type Look = (typeof TIME_LOOKS)[number]['value'];
const OVER_TIME = 'time';
/** How often a run that trains is asked for its newest evaluation. */
const LOOK_MS = 5000;

/** Codes over a run's evaluations, or beside those of another run or checkpoint. */
export function TimelinePane({ run, step, runs, names, code, onCode }: Props) {
  const [beside, setBeside] = useState(OVER_TIME);
  const [look, setLook] = useState<Look>('shares');
  const choices = step === null ? [] : besideChoices(run, step, runs);
  const other = choices.find(({ value }) => value === beside);
  const timeline = useQuery({
    ...api.codes.timeline.queryOptions({ input: { runId: run.id } }),
    enabled: !other && look === 'shares',
    refetchInterval: isActive(run) ? LOOK_MS : false,
  });
  const first = { runId: run.id, step: step ?? 0 };
  const aligned = useQuery({
    ...api.codes.alignment.queryOptions({ input: { first, second: other?.of ?? first } }),
    enabled: other !== undefined,
  });
  const { data, error, refetch } = other ? aligned : timeline;
  const shown = other || look === 'shares' ? data : undefined;
  return (
    <>
      <div className={css.head}>
        {choices.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label="Codes beside"
            value={other?.value ?? OVER_TIME}
            data={[
              { value: OVER_TIME, label: 'Over its own steps' },
              ...choices.map(({ value, label }) => ({ value, label })),
            ]}
            onChange={({ currentTarget }) => setBeside(currentTarget.value)}
          />
        )}
        {!other && (
          <SegmentedControl
            size="xs"
            aria-label="Over time"
            value={look}
            data={[...TIME_LOOKS]}
            onChange={(value) => setLook(value === 'prompts' ? 'prompts' : 'shares')}
          />
        )}
      </div>
      {!other && look === 'prompts' && <MotionMap run={run} names={names} lookMs={LOOK_MS} />}
      <ErrorCard error={error} onRetry={() => void refetch()} />
      {shown && shown.columns.length === 0 && (
        <p className="muted" style={{ margin: 0, padding: 'var(--s4)' }}>
          {isActive(run)
            ? 'Its codes appear here after its first evaluation.'
            : 'No evaluation of this run has kept what its codes were.'}
        </p>
      )}
      {shown && shown.columns.length > 0 && (
        <Flow
          flow={shown}
          titles={
            other
              ? [`${run.name}, step ${formatCount(step ?? 0)}`, other.title]
              : shown.columns.map((column) => `step ${formatCount(column.step)}`)
          }
          ownColumn={other ? 0 : shown.columns.length - 1}
          isBeside={other !== undefined}
          names={names}
          code={code}
          onCode={onCode}
        />
      )}
    </>
  );
}

interface FlowProps extends Pick<Props, 'names' | 'code' | 'onCode'> {
  readonly flow: CodeFlow;
  readonly titles: readonly string[];
  /** Column whose numbers are those of the screen. */
  readonly ownColumn: number;
  readonly isBeside: boolean;
}

function Flow({ flow, titles, ownColumn, isBeside, names, code, onCode }: FlowProps) {
  const lines = useMemo(() => codeLines(flow), [flow]);
  const [held, setHeld] = useState<CodeLine | null>(null);
  // A line is held by its chain of numbers: the flow of a run that trains grows.
  const picked =
    held &&
    lines.find((line) => line.begins === held.begins && line.codes[line.begins] === held.codes[held.begins]);
  const current = picked ?? lines.find((line) => code !== null && line.codes[ownColumn] === code) ?? null;
  const choose = (line: CodeLine | undefined): void => {
    setHeld(line ?? null);
    const own = line?.codes[ownColumn];
    if (own != null) onCode(own);
  };
  const last = flow.changes.at(-1);
  return (
    <>
      <FlowChart
        columns={flow.columns}
        changes={flow.changes}
        titles={titles}
        label={`Shares of the codes, ${titles.length === 1 ? (titles[0] ?? '') : `from ${titles[0]} to ${titles.at(-1)}`}; the table beneath says the same`}
        chosen={picked?.codes ?? null}
        onCode={(clicked, column) => choose(lines.find((line) => line.codes[column] === clicked))}
      />
      <LineTable
        lines={lines}
        titles={titles}
        overlaps={isBeside ? flow.changes[0]?.kept : undefined}
        names={names}
        ownColumn={ownColumn}
        chosen={current}
        onLine={choose}
      />
      <div className={css.foot}>
        {plural(flow.prompts, flow.of === 'held-out' ? 'held-out prompt' : 'prompt')}
        {last && isBeside && `; the strongest code is the same for ${formatShare(last.same, 0)}`}
        {last &&
          !isBeside &&
          `; ${formatShare(last.same, 0)} kept their strongest code since the column before`}
        . Codes are the same where they overlap by a third or more on the same prompts.
        {flow.of === 'project' &&
          !isBeside &&
          ' By stored checkpoints: this run kept nothing of its evaluations.'}
      </div>
    </>
  );
}
