import type { z } from 'zod';
import type { engineReportSchema } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { engineLabel, engineSentence } from '../../components/engineWords.ts';
import { formatFigure } from '../../format.ts';
import css from './settings.module.css';

export type EngineReport = z.infer<typeof engineReportSchema>;

interface Props {
  readonly report: EngineReport;
  readonly fastest: boolean;
  /** Of all engines measured. */
  readonly quickestMs: number | null;
}

/** One engine in plain words; what only a developer needs is folded away. */
export function EngineItem({ report, fastest, quickestMs }: Props) {
  const { name, available, device, reason, fix, detail, msPerStep } = report;
  const times = msPerStep !== null && quickestMs !== null && quickestMs > 0 ? msPerStep / quickestMs : null;
  return (
    <li className={css.engine}>
      <div className={css.engineHead}>
        <b>{engineLabel(name)}</b>
        <Chip tone={available ? 'good' : 'plain'}>{available ? 'ready' : 'not available'}</Chip>
        {fastest && <Chip tone="accent">fastest</Chip>}
        <span className="grow" />
        {msPerStep !== null && (
          <span className="num small">
            {formatFigure(msPerStep, 1)} ms a small step
            {times !== null && times >= 1.05 && (
              <span className="muted"> · {formatFigure(times, times < 10 ? 1 : 0)} × the fastest</span>
            )}
          </span>
        )}
      </div>
      <span className="small muted">{available && device !== null ? device : engineSentence(name)}</span>
      {reason !== null && <span className="small">{reason}</span>}
      {fix !== null && <span className="small">{fix}</span>}
      <details className={css.technical}>
        <summary>Technical detail</summary>
        <dl className={css.facts}>
          <dt>Name in settings</dt>
          <dd className="mono small">{name}</dd>
          <dt>Device</dt>
          <dd className="small">{device ?? 'none found'}</dd>
          <dt>What it does</dt>
          <dd className="small">{engineSentence(name)}</dd>
          {detail !== null && (
            <>
              <dt>Its own words</dt>
              <dd className={`mono small ${css.ownWords}`}>{detail}</dd>
            </>
          )}
        </dl>
      </details>
    </li>
  );
}
