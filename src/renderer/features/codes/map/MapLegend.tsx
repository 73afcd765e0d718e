import type { MapColours } from '#shared/codeMap.ts';
import type { Points, Rgb } from '../../../charts/scatter/PointPainter.ts';
import { formatCount, formatFigure } from '../../../format.ts';
import css from './map.module.css';
import { cssOf } from './mapPalette.ts';

interface Props {
  readonly told: MapColours | undefined;
  readonly painted: Pick<Points, 'palette' | 'colours' | 'muted'>;
  readonly names: readonly string[] | null;
}

const MOST = 16;

/** What the colours say: names, those of most prompts first, or a scale. */
export function MapLegend({ told, painted, names }: Props) {
  if (told?.kind === 'scale')
    return (
      <div className={css.legend}>
        <span className="num">{formatFigure(told.low, 2)}</span>
        <i
          className={css.ramp}
          style={{ background: `linear-gradient(to right, ${painted.palette.map(cssOf).join(', ')})` }}
          aria-hidden="true"
        />
        <span className="num">{formatFigure(told.high, 2)}</span>
        {painted.colours.some((colour) => colour >= painted.palette.length) && <None muted={painted.muted} />}
      </div>
    );
  const counts = new Map<number, number>();
  for (const colour of painted.colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const shown = [...counts]
    .filter(([colour]) => colour < painted.palette.length)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const without = [...counts].some(([colour]) => colour >= painted.palette.length);
  return (
    <div className={css.legend}>
      {shown.slice(0, MOST).map(([colour, count]) => (
        <span key={colour}>
          <i
            className={css.dot}
            style={{ background: cssOf(painted.palette[colour] ?? painted.muted) }}
            aria-hidden="true"
          />{' '}
          {names?.[colour]} <span className="muted num">{formatCount(count)}</span>
        </span>
      ))}
      {shown.length > MOST && <span className="muted num">and {shown.length - MOST} more</span>}
      {without && <None muted={painted.muted} />}
    </div>
  );
}

/** What has no value. */
const None = ({ muted }: { readonly muted: Rgb }) => (
  <span>
    <i className={css.dot} style={{ background: cssOf(muted) }} aria-hidden="true" /> none
  </span>
);
