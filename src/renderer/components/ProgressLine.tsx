import css from './components.module.css';

interface Props {
  /** 0–1; null where the share is not known. */
  readonly value: number | null;
  readonly label: string;
}

/** A thin bar; its words stand beside it, its label is for those who can't see it. */
export function ProgressLine({ value, label }: Props) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  return (
    <div
      className={css.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? { 'data-unknown': true } : { 'aria-valuenow': percent })}
    >
      <div style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
