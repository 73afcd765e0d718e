import { predictedDisagreement } from '#core/queueNeed.ts';
import type { LabelTallies } from './LabelTallies.ts';
import type { RunFigures } from './RunFigures.ts';

/** What a run says of each pair, by its id; NaN where it does not. `codes`: labels of its code. */
export interface NeedColumns {
  readonly margin: Float32Array;
  readonly entropy: Float32Array;
  readonly gap: Float32Array;
  readonly codes: Float32Array;
  readonly disagreement: Float32Array;
  readonly code: Float32Array;
}

const unknown = (size: number): Float32Array => new Float32Array(size).fill(Number.NaN);

interface Seen {
  labels: number;
  different: number;
  compared: number;
}
const nothing = (): Seen => ({ labels: 0, different: 0, compared: 0 });

/** How many pairs of each code are labelled, and how often two labels of one differ: of each code, and of all. */
function seenByCode(
  { code }: RunFigures,
  prompt: Uint32Array,
  { labels, squares }: LabelTallies,
): { readonly byCode: readonly Seen[]; readonly all: Seen } {
  const byCode: Seen[] = [];
  const all = nothing();
  const last = Math.min(labels.length, prompt.length);
  for (let pairId = 1; pairId < last; pairId++) {
    const count = labels[pairId] as number;
    if (count === 0) continue;
    const of = code[prompt[pairId] as number] ?? -1;
    if (of < 0) continue;
    byCode[of] ??= nothing();
    const square = squares[pairId] as number;
    for (const tally of [byCode[of] as Seen, all]) {
      tally.labels += 1;
      tally.compared += (count * (count - 1)) / 2;
      tally.different += (count * count - square) / 2;
    }
  }
  return { byCode, all };
}

/** `prompt`: the prompt of each pair, 0 where there is no such pair. */
export function needColumns(
  figures: RunFigures,
  tallies: LabelTallies,
  prompt: Uint32Array,
  size: number,
): NeedColumns {
  const columns = {
    margin: unknown(size),
    entropy: unknown(size),
    gap: unknown(size),
    codes: unknown(size),
    disagreement: unknown(size),
    code: unknown(size),
  };
  columns.margin.set(figures.margin.subarray(0, size));
  columns.gap.set(figures.gap.subarray(0, size));
  const { byCode, all } = seenByCode(figures, prompt, tallies);
  const overall = all.compared === 0 ? null : all.different / all.compared;
  const none = nothing();
  for (let pairId = 1; pairId < size; pairId++) {
    const of = prompt[pairId] as number;
    if (of === 0) continue;
    columns.entropy[pairId] = figures.entropy[of] ?? Number.NaN;
    const code = figures.code[of] ?? -1;
    if (code < 0) continue;
    const seen = byCode[code] ?? none;
    columns.code[pairId] = code;
    columns.codes[pairId] = seen.labels;
    if (overall === null) continue;
    const margin = columns.margin[pairId] as number;
    columns.disagreement[pairId] = predictedDisagreement(seen, overall, Number.isNaN(margin) ? null : margin);
  }
  return columns;
}
