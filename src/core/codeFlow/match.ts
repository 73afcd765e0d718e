/** Which code of one codebook is which of another, by what both say of the same prompts. Pure. */
import { DEAD_CODE_SHARE, strongestCodes } from '../codebook.ts';
import { bestAssignment } from './assignment.ts';

/** p(z|x): prompts × codes, row-major. */
export interface Weights {
  readonly codes: number;
  readonly weights: ArrayLike<number>;
}
export interface CodeUse {
  readonly code: number;
  /** Of all mass. */
  readonly share: number;
}
export interface CodeChanges {
  /** `overlap`: Σ min(p, q) / Σ max(p, q) over the prompts, 0 … 1. */
  readonly kept: readonly { readonly from: number; readonly to: number; readonly overlap: number }[];
  /** `from`: the code that before had at least half of the weight where this one has its own: it split off from that one. */
  readonly born: readonly { readonly code: number; readonly from: number | null }[];
  /** `into`: the code that now has at least half of the weight where this one had its own. */
  readonly died: readonly { readonly code: number; readonly into: number | null }[];
  /** Share of prompts whose strongest code is the same one, by what is kept. */
  readonly same: number;
}

/** Two codes of equal mass that share half of it overlap by this. */
const LEAST_OVERLAP = 1 / 3;
const HALF = 0.5;
/** Of two equal overlaps, that of codes with the same number is taken. */
const SAME_NUMBER = 1e-9;

interface Used {
  readonly code: number;
  readonly mass: number;
}

function used({ codes, weights }: Weights): Used[] {
  const masses = new Float64Array(codes);
  for (let at = 0; at < weights.length; at++)
    masses[at % codes] = (masses[at % codes] as number) + (weights[at] as number);
  const least = (DEAD_CODE_SHARE * weights.length) / codes;
  return Array.from(masses, (mass, code) => ({ code, mass })).filter(({ mass }) => mass > 0 && mass >= least);
}

/** Codes with at least 0.1 % of all mass, by number. */
export function codesInUseOf(of: Weights): CodeUse[] {
  const prompts = of.weights.length / of.codes;
  return used(of).map(({ code, mass }) => ({ code, share: mass / prompts }));
}

/** Sums over prompts of the lesser weight, and of the product of both; each used × used. */
function sums(before: Weights, after: Weights, was: readonly Used[], is: readonly Used[]) {
  const prompts = before.weights.length / before.codes;
  const shared = new Float64Array(was.length * is.length);
  const joint = new Float64Array(was.length * is.length);
  for (let prompt = 0; prompt < prompts; prompt++)
    for (const [i, { code }] of was.entries()) {
      const p = before.weights[prompt * before.codes + code] as number;
      if (p === 0) continue;
      for (let j = 0; j < is.length; j++) {
        const q = after.weights[prompt * after.codes + (is[j] as Used).code] as number;
        const at = i * is.length + j;
        shared[at] = (shared[at] as number) + Math.min(p, q);
        joint[at] = (joint[at] as number) + p * q;
      }
    }
  return { shared, joint };
}

/**
 * Codes in use before and after, matched one to one so that their overlaps sum to the most; less than a third is no match. Both of the
 * same prompts in the same order.
 */
export function codeChanges(before: Weights, after: Weights): CodeChanges {
  const was = used(before);
  const is = used(after);
  const { shared, joint } = sums(before, after, was, is);
  const at = (i: number, j: number): number => shared[i * is.length + j] as number;
  const both = (i: number, j: number): number => joint[i * is.length + j] as number;
  const overlap = (i: number, j: number): number =>
    at(i, j) / ((was[i] as Used).mass + (is[j] as Used).mass - at(i, j));
  const values = Float64Array.from({ length: was.length * is.length }, (_, place) => {
    const i = Math.floor(place / is.length);
    const j = place % is.length;
    return overlap(i, j) + ((was[i] as Used).code === (is[j] as Used).code ? SAME_NUMBER : 0);
  });
  const pairs = bestAssignment(values, was.length, is.length).flatMap((j, i) =>
    j !== null && overlap(i, j) >= LEAST_OVERLAP ? [{ i, j }] : [],
  );
  const keptBefore = new Set(pairs.map(({ i }) => i));
  const keptAfter = new Set(pairs.map(({ j }) => j));
  /** The code that has most of the weight where another has its own, if that is half of it. */
  const holder = (holders: readonly Used[], part: (place: number) => number): number | null => {
    let most = 0;
    for (const place of holders.keys()) if (part(place) > part(most)) most = place;
    return holders.length > 0 && part(most) >= HALF ? (holders[most] as Used).code : null;
  };
  const kept = pairs.map(({ i, j }) => ({
    from: (was[i] as Used).code,
    to: (is[j] as Used).code,
    overlap: overlap(i, j),
  }));
  return {
    kept,
    born: is.flatMap(({ code, mass }, j) =>
      keptAfter.has(j) ? [] : [{ code, from: holder(was, (i) => both(i, j) / mass) }],
    ),
    died: was.flatMap(({ code, mass }, i) =>
      keptBefore.has(i) ? [] : [{ code, into: holder(is, (j) => both(i, j) / mass) }],
    ),
    same: sameShare(before, after, new Map(kept.map(({ from, to }) => [from, to]))),
  };
}

function sameShare(before: Weights, after: Weights, to: ReadonlyMap<number, number>): number {
  const first = strongestCodes(before.weights, before.codes);
  const second = strongestCodes(after.weights, after.codes);
  const same = first.reduce((sum, code, prompt) => sum + (to.get(code) === second[prompt] ? 1 : 0), 0);
  return first.length === 0 ? 0 : same / first.length;
}
