/** Columns of bars by share, with ribbons between those that are the same. Pure, in CSS pixels. */

export interface FlowColumn {
  readonly use: readonly { readonly code: number; readonly share: number }[];
}
export interface FlowChanges {
  readonly kept: readonly { readonly from: number; readonly to: number }[];
  readonly born: readonly { readonly code: number; readonly from: number | null }[];
  readonly died: readonly { readonly code: number; readonly into: number | null }[];
}
interface FlowBar {
  readonly column: number;
  readonly code: number;
  readonly share: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface FlowRibbon {
  /** Between this column and the next. */
  readonly column: number;
  readonly from: number;
  readonly to: number;
  /** The same code; one that split off; one that went into another. */
  readonly kind: 'kept' | 'split' | 'joined';
  readonly path: string;
}
export interface FlowLayout {
  readonly bars: readonly FlowBar[];
  readonly ribbons: readonly FlowRibbon[];
  /** Middle of each column. */
  readonly middles: readonly number[];
}

const BAR_MOST = 22;
const BAR_SHARE = 0.3;
const GAP_MOST = 3;
const LEAST_HEIGHT = 1;
/** Of the lesser bar, what is drawn of a split or a joining: who goes where, not how much. */
const SIDE_SHARE = 0.35;

/** Codes of a column from top to bottom: the first by share, later ones in the place of what they go on from. */
function orders(columns: readonly FlowColumn[], changes: readonly FlowChanges[]): number[][] {
  const out: number[][] = [];
  for (const [at, { use }] of columns.entries()) {
    const before = out[at - 1];
    const change = changes[at - 1];
    if (!before || !change) {
      out.push(use.toSorted((a, b) => b.share - a.share || a.code - b.code).map(({ code }) => code));
      continue;
    }
    const placeOf = new Map(before.map((code, place) => [code, place]));
    const wanted = new Map<number, number>();
    for (const { from, to } of change.kept) wanted.set(to, placeOf.get(from) ?? before.length);
    for (const { code, from } of change.born)
      wanted.set(code, from === null ? before.length : (placeOf.get(from) ?? before.length) + 0.5);
    const place = (code: number): number => wanted.get(code) ?? before.length;
    out.push(use.map(({ code }) => code).sort((a, b) => place(a) - place(b) || a - b));
  }
  return out;
}

function band(from: FlowBar, to: FlowBar, part: number): string {
  const [x1, x2] = [from.x + from.width, to.x];
  const middle = (x1 + x2) / 2;
  const [tall1, tall2] =
    part === 1
      ? [from.height, to.height]
      : [Math.min(from.height, to.height) * part, Math.min(from.height, to.height) * part];
  const [y1, y2] = part === 1 ? [from.y, to.y] : [middleOf(from) - tall1 / 2, middleOf(to) - tall2 / 2];
  const n = (value: number): string => value.toFixed(1);
  return `M${n(x1)},${n(y1)}C${n(middle)},${n(y1)} ${n(middle)},${n(y2)} ${n(x2)},${n(y2)}V${n(y2 + tall2)}C${n(middle)},${n(y2 + tall2)} ${n(middle)},${n(y1 + tall1)} ${n(x1)},${n(y1 + tall1)}Z`;
}
const middleOf = ({ y, height }: FlowBar): number => y + height / 2;

export function layoutFlow(
  columns: readonly FlowColumn[],
  changes: readonly FlowChanges[],
  { width, height }: { readonly width: number; readonly height: number },
): FlowLayout {
  if (columns.length === 0 || width <= 0 || height <= 0) return { bars: [], ribbons: [], middles: [] };
  const spacing = width / columns.length;
  const barWidth = Math.min(BAR_MOST, Math.max(2, spacing * BAR_SHARE));
  const middles = columns.map((_, at) => (at + 0.5) * spacing);
  const most = Math.max(1, ...columns.map(({ use }) => use.length));
  const gap = Math.min(GAP_MOST, (0.25 * height) / most);
  const room = height - gap * (most - 1);
  const placed: Map<number, FlowBar>[] = orders(columns, changes).map((order, column) => {
    const shares = new Map(columns[column]?.use.map(({ code, share }) => [code, share]));
    let y = 0;
    return new Map(
      order.map((code) => {
        const share = shares.get(code) ?? 0;
        const tall = Math.max(LEAST_HEIGHT, share * room);
        const bar = {
          ...{ column, code, share, width: barWidth, height: tall, y },
          x: (middles[column] as number) - barWidth / 2,
        };
        y += tall + gap;
        return [code, bar];
      }),
    );
  });
  const ribbons = changes.flatMap((change, column): FlowRibbon[] => {
    const ribbon = (kind: FlowRibbon['kind'], from: number | null, to: number | null): FlowRibbon[] => {
      if (from === null || to === null) return [];
      const first = placed[column]?.get(from);
      const second = placed[column + 1]?.get(to);
      if (!first || !second) return [];
      return [{ column, from, to, kind, path: band(first, second, kind === 'kept' ? 1 : SIDE_SHARE) }];
    };
    return [
      ...change.kept.flatMap(({ from, to }) => ribbon('kept', from, to)),
      ...change.born.flatMap(({ code, from }) => ribbon('split', from, code)),
      ...change.died.flatMap(({ code, into }) => ribbon('joined', code, into)),
    ];
  });
  return { bars: placed.flatMap((column) => [...column.values()]), ribbons, middles };
}
