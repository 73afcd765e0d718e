/** Weights of the codes as a person sets them: they always sum to 1. Pure. */

export interface CodeMix {
  /** K values, sum 1. */
  readonly weights: readonly number[];
  /** Keeps its weight while others move. */
  readonly pinned: readonly boolean[];
  /** Held at 0. */
  readonly muted: readonly boolean[];
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Number.isFinite(value) ? value : 0));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const replaced = <T>(values: readonly T[], at: number, value: T): T[] =>
  values.map((old, position) => (position === at ? value : old));

/** The even mix of `codes` codes: where nothing is known of the prompt yet. */
export const evenWeights = (codes: number): readonly number[] =>
  Array.from({ length: codes }, () => 1 / codes);

export function mixOf(start: readonly number[]): CodeMix {
  const total = sum(start);
  return {
    weights: total > 0 ? start.map((weight) => weight / total) : evenWeights(start.length),
    pinned: start.map(() => false),
    muted: start.map(() => false),
  };
}

/** Shares `room` among the codes in `free` as `current` has them, else as `start` has them, else evenly. */
function share(
  room: number,
  free: readonly number[],
  current: readonly number[],
  start: readonly number[],
): Map<number, number> {
  for (const source of [current, start]) {
    const total = sum(free.map((code) => source[code] ?? 0));
    if (total > 1e-9) return new Map(free.map((code) => [code, ((source[code] ?? 0) / total) * room]));
  }
  return new Map(free.map((code) => [code, room / free.length]));
}

const codesWhere = (mix: CodeMix, test: (code: number) => boolean): number[] =>
  mix.weights.map((_, code) => code).filter(test);

/** Gives `code` the weight asked for; the codes that are neither pinned nor muted share what is left. */
export function setWeight(mix: CodeMix, code: number, weight: number, start: readonly number[]): CodeMix {
  const muted = replaced(mix.muted, code, false);
  const held = codesWhere(mix, (other) => other !== code && mix.pinned[other] === true);
  const free = codesWhere(mix, (other) => other !== code && !mix.pinned[other] && !muted[other]);
  const room = Math.max(0, 1 - sum(held.map((other) => mix.weights[other] ?? 0)));
  const own = free.length === 0 ? room : clamp(weight, 0, room);
  const shared = share(room - own, free, mix.weights, start);
  return {
    ...mix,
    muted,
    weights: mix.weights.map((old, other) => {
      if (other === code) return own;
      if (muted[other]) return 0;
      return shared.get(other) ?? old;
    }),
  };
}

/** A pinned code keeps its weight while others move; pinning a muted one lets it sound again at 0. */
export function togglePin(mix: CodeMix, code: number): CodeMix {
  return {
    ...mix,
    pinned: replaced(mix.pinned, code, !mix.pinned[code]),
    muted: replaced(mix.muted, code, false),
  };
}

/** True where no other code could take this one's weight. */
export const cannotMute = (mix: CodeMix, code: number): boolean =>
  mix.muted.every((muted, other) => other === code || muted);

/** Silences a code, its weight shared among the others; or gives it back the weight it has in `start`. */
export function toggleMute(mix: CodeMix, code: number, start: readonly number[]): CodeMix {
  if (mix.muted[code]) return setWeight(mix, code, start[code] ?? 0, start);
  if (cannotMute(mix, code)) return mix;
  const muted = replaced(mix.muted, code, true);
  const pinned = replaced(mix.pinned, code, false);
  const free = codesWhere(mix, (other) => !muted[other] && !pinned[other]);
  const held = codesWhere(mix, (other) => !muted[other] && pinned[other] === true);
  // With every other code pinned, the pinned ones take the weight.
  const takers = free.length > 0 ? free : held;
  const kept = free.length > 0 ? held : [];
  const shared = share(1 - sum(kept.map((other) => mix.weights[other] ?? 0)), takers, mix.weights, start);
  return {
    muted,
    pinned,
    weights: mix.weights.map((old, other) => (muted[other] ? 0 : (shared.get(other) ?? old))),
  };
}

/** All weight on one code. */
export const only = (codes: number, code: number): CodeMix => ({
  weights: Array.from({ length: codes }, (_, other) => (other === code ? 1 : 0)),
  pinned: Array.from({ length: codes }, (_, other) => other === code),
  muted: Array.from({ length: codes }, () => false),
});

/** Weights in a few words: `code 7 0.60, code 3 0.22 and others`, the strongest first. */
export function mixWords(weights: readonly number[], limit = 3): string {
  const strongest = weights
    .map((weight, code) => ({ code, weight }))
    .sort((a, b) => b.weight - a.weight)
    .filter(({ weight }) => weight >= 0.005);
  const shown = strongest.slice(0, limit).map(({ code, weight }) => `code ${code} ${weight.toFixed(2)}`);
  return strongest.length > limit ? `${shown.join(', ')} and others` : shown.join(', ');
}
