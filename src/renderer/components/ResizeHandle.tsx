import type { KeyboardEvent, PointerEvent } from 'react';
import css from './components.module.css';

interface Props {
  readonly label: string;
  /** Of the pane at its right, in pixels. */
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (width: number) => void;
}

const STEP = 16;

/** The left edge of a pane, which is dragged, or moved by the arrow keys, Home and End. */
export function ResizeHandle({ label, width, min, max, onChange }: Props) {
  const to = (wanted: number) => onChange(Math.round(Math.min(max, Math.max(min, wanted))));
  const byKey = (event: KeyboardEvent) => {
    const wanted = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: min, End: max }[event.key];
    if (wanted === undefined) return;
    // The arrows decide a pair elsewhere.
    event.preventDefault();
    to(wanted);
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const pane = event.currentTarget.parentElement?.getBoundingClientRect();
    if (pane !== undefined) to(pane.right - event.clientX);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule takes no focus and is moved by nobody.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={css.resize}
      onKeyDown={byKey}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  );
}
