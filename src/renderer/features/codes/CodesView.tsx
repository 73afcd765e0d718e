import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { MapRegion } from '#shared/codeMap.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { CellDetail } from './CellDetail.tsx';
import { CodeDetail } from './CodeDetail.tsx';
import { CodesBar } from './CodesBar.tsx';
import { type CodeOrder, orderCodes } from './codeOrder.ts';
import css from './codes.module.css';
import { HeatPane } from './HeatPane.tsx';
import { RegionDetail } from './map/RegionDetail.tsx';
import { PromptDetail } from './PromptDetail.tsx';
import { TryPrompt } from './TryPrompt.tsx';
import { UsagePane } from './UsagePane.tsx';
import { type Selection, useSelection } from './useSelection.ts';

interface Props {
  readonly run: Run;
  readonly step: number;
  readonly runs: readonly Run[];
}

/** The codes by one checkpoint of a run: map, use, and one code or prompt at a time. */
export function CodesView({ run, step, runs }: Props) {
  const [region, setRegion] = useState<MapRegion | null>(null);
  const place = useSelection(run);
  /** One thing is looked at: what is chosen in another way takes the region's place. */
  const selection: Selection = {
    ...place,
    selectCode: (code) => {
      setRegion(null);
      place.selectCode(code);
    },
    selectPrompt: (promptId) => {
      setRegion(null);
      place.selectPrompt(promptId);
    },
    selectCell: (code, by, group) => {
      setRegion(null);
      place.selectCell(code, by, group);
    },
  };
  const of = useMemo(() => ({ runId: run.id, step }), [run.id, step]);
  const [order, setOrder] = useState<CodeOrder>('share');
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const overview = useQuery(api.codes.overview.queryOptions({ input: of }));
  const names = useQuery(api.codes.names.queryOptions({ input: { runId: run.id } }));
  const summaries = overview.data?.summaries;
  const causes = overview.data?.causes ?? null;
  const columns = useMemo(
    () => (summaries ? orderCodes(summaries, order, causes).map(({ code }) => code) : []),
    [summaries, order, causes],
  );
  const dead = useMemo(
    () => new Set(summaries?.filter((summary) => summary.dead).map(({ code }) => code)),
    [summaries],
  );
  const sources = useMemo(
    () => [...new Set(summaries?.flatMap((summary) => summary.sources.map(({ source }) => source)))].sort(),
    [summaries],
  );
  const given = useMemo(() => new Map(names.data?.map(({ code, name }) => [code, name])), [names.data]);
  const { error } = overview;
  const strongest = summaries && orderCodes(summaries, 'share')[0];
  const shown = summaries?.find(({ code }) => code === selection.code) ?? strongest;
  return (
    <div className={css.screen}>
      <CodesBar
        runs={runs}
        run={run}
        step={step}
        overview={overview.data}
        onRun={selection.selectRun}
        onStep={selection.selectStep}
      />
      {overview.data?.warning && (
        <div className={css.warning} role="status">
          <IconAlertTriangle size={15} style={{ color: 'var(--warn)', flex: 'none' }} aria-hidden="true" />
          <span>{overview.data.warning}</span>
        </div>
      )}
      {error ? (
        <div className={css.body} style={{ padding: 'var(--s4)' }}>
          <ErrorCard error={error} onRetry={() => void overview.refetch()} />
        </div>
      ) : !overview.data || !shown ? (
        <Loading label="Reading the codes…" />
      ) : (
        <div className={css.body}>
          <HeatPane
            run={run}
            runs={runs}
            of={of}
            sources={sources}
            causes={overview.data.causes}
            names={given}
            region={region}
            onRegion={setRegion}
            cell={selection.cell}
            onCell={selection.selectCell}
            order={columns}
            dead={dead}
            code={selection.promptId === null ? shown.code : selection.code}
            promptId={selection.promptId}
            onCode={selection.selectCode}
            onPrompt={selection.selectPrompt}
          />
          <UsagePane
            of={of}
            runName={run.name}
            chosen={chosen}
            onChoose={setChosen}
            overview={overview.data}
            names={names.data ?? []}
            order={order}
            onOrder={setOrder}
            selected={selection.promptId === null ? shown.code : null}
            onCode={selection.selectCode}
          />
          <aside className={css.side} aria-label="Selection">
            <div className={css.detail}>
              {region !== null ? (
                <RegionDetail of={of} region={region} runName={run.name} onClear={() => setRegion(null)} />
              ) : selection.cell !== null ? (
                <CellDetail of={of} cell={selection.cell} runName={run.name} onCode={selection.selectCode} />
              ) : selection.promptId === null ? (
                <CodeDetail
                  key={shown.code}
                  of={of}
                  runName={run.name}
                  named={names.data?.find(({ code }) => code === shown.code)}
                  summary={shown}
                  causes={overview.data.causes}
                  prompts={overview.data.prompts}
                  onPrompt={selection.selectPrompt}
                />
              ) : (
                <PromptDetail
                  of={of}
                  promptId={selection.promptId}
                  runName={run.name}
                  onCode={selection.selectCode}
                />
              )}
            </div>
            <TryPrompt
              of={of}
              onPrompt={selection.selectPrompt}
              runName={run.name}
              onCode={selection.selectCode}
            />
          </aside>
        </div>
      )}
    </div>
  );
}
