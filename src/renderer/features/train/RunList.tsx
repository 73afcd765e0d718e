import { useEffect, useRef } from 'react';
import { accuracyName } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { capitalised, formatCount, formatFigure } from '../../format.ts';
import { configLine, isActive, restWords } from './runWords.ts';
import css from './train.module.css';

interface Props {
  readonly runs: readonly Run[];
  readonly selectedId: number | null;
  readonly onSelect: (runId: number) => void;
}

/** All runs, newest first, each with its prior accuracy on held-out pairs. */
export function RunList({ runs, selectedId, onSelect }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const selected = list.current?.querySelector(`[data-run="${selectedId}"]`);
    selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selectedId]);
  return (
    <ul ref={list} className={css.runs} aria-label="Runs, newest first">
      {runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className={css.run}
            data-run={run.id}
            aria-current={run.id === selectedId}
            onClick={() => onSelect(run.id)}
          >
            <span className="row">
              <b className="ellipsis">{run.name}</b>
              <span className="grow" />
              <span className="num" title={accuracyTitle(run)}>
                {formatFigure(run.accuracy)}
              </span>
            </span>
            <span className="small muted ellipsis">{configLine(run.config)}</span>
            <span className="small muted">
              {run.state === 'finished'
                ? `${formatCount(run.step)} steps`
                : `${restWords(run)} · step ${formatCount(run.step)} of ${formatCount(run.config.steps)}`}
            </span>
            {run.state !== 'finished' && run.state !== 'failed' && (
              <ProgressLine
                value={run.step === 0 && isActive(run) ? null : run.step / run.config.steps}
                label={`${run.name}: step ${run.step} of ${run.config.steps}`}
              />
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

const accuracyTitle = (run: Run): string =>
  run.accuracy === null
    ? 'Not yet evaluated on held-out pairs'
    : `${capitalised(accuracyName(run.config))} on held-out pairs`;
