import { useRef } from 'react';
import type { PhaseFrame } from '#core/runFrames.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatCount } from '../../format.ts';
import { PHASE_WORDS, timeWords } from './runWords.ts';
import css from './train.module.css';

/** Work before and after the steps, with the time left at the rate so far. */
export function PhaseCard({ phase }: { readonly phase: PhaseFrame | null }) {
  const began = useRef({ phase: '', done: 0, at: 0 });
  const name = phase?.phase ?? '';
  if (began.current.phase !== name)
    began.current = { phase: name, done: phase?.done ?? 0, at: performance.now() };
  const label = phase ? PHASE_WORDS[phase.phase] : 'Starting the worker';
  const counted = phase !== null && phase.total > 1;
  return (
    <section className={`card ${css.panel}`} aria-label={label}>
      <div className="row">
        <h2>{label}</h2>
        <span className="grow" />
        {counted && (
          <span className="small muted num">
            {formatCount(phase.done)} of {formatCount(phase.total)}
            {timeLeft(phase, began.current)}
          </span>
        )}
      </div>
      <ProgressLine key={name} value={counted ? phase.done / phase.total : null} label={label} />
      {phase?.note && <p className="small muted">{phase.note}</p>}
    </section>
  );
}

function timeLeft(phase: PhaseFrame, began: { done: number; at: number }): string {
  const gained = phase.done - began.done;
  const elapsedMs = performance.now() - began.at;
  if (gained <= 0 || elapsedMs < 1000 || phase.done >= phase.total) return '';
  return ` · ${timeWords((elapsedMs / gained) * (phase.total - phase.done))} left`;
}
