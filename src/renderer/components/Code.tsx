import { codeColour } from '../theme/codeColour.ts';
import { useColourScheme } from '../theme/useColourScheme.ts';
import css from './components.module.css';

/** A code's colour and number: `■ 7`. */
export function CodeSwatch({ code, label }: { readonly code: number; readonly label?: string }) {
  const scheme = useColourScheme();
  return (
    <span className="row" style={{ gap: 6, display: 'inline-flex' }}>
      <span className={css.swatch} style={{ background: codeColour(code, scheme) }} aria-hidden="true" />
      <span className="num">{label ?? code}</span>
    </span>
  );
}

interface BarProps {
  readonly code: number;
  /** Shown instead of the code's number. */
  readonly name?: string;
  /** Length of the bar, 0–1. */
  readonly share: number;
  /** A second value as a thin mark (posterior beside prior), 0–1. */
  readonly mark?: number;
  /** Figure at the right; `share` with two digits when left out. */
  readonly figure?: string;
}

/** One code's weight as a bar in its hue. */
export function CodeBar({ code, name, share, mark, figure }: BarProps) {
  const scheme = useColourScheme();
  return (
    <div className={css.codeBar}>
      <span className="ellipsis" title={name ?? `code ${code}`}>
        {name ?? `code ${code}`}
      </span>
      <span className={css.meter} aria-hidden="true">
        <i style={{ width: `${share * 100}%`, background: codeColour(code, scheme) }} />
        {mark !== undefined && <u style={{ left: `${mark * 100}%` }} />}
      </span>
      <span className="num muted" style={{ textAlign: 'right' }}>
        {figure ?? share.toFixed(2)}
      </span>
    </div>
  );
}
