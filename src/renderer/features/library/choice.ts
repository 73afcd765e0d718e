/** Which pairs of the table are chosen: one by one, or all that match but for some. Pure. */
import type { PairFilter, Selection } from '#shared/entities.ts';

export type Choice =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<number> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<number> };

export const NOTHING: Choice = { kind: 'ids', ids: new Set() };
export const EVERYTHING: Choice = { kind: 'all', except: new Set() };

export const isChosen = (choice: Choice, id: number): boolean =>
  choice.kind === 'ids' ? choice.ids.has(id) : !choice.except.has(id);

export const countChosen = (choice: Choice, total: number): number =>
  choice.kind === 'ids' ? choice.ids.size : Math.max(0, total - choice.except.size);

function flipped(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const others = new Set(ids);
  if (!others.delete(id)) others.add(id);
  return others;
}
export const toggled = (choice: Choice, id: number): Choice =>
  choice.kind === 'ids'
    ? { kind: 'ids', ids: flipped(choice.ids, id) }
    : { kind: 'all', except: flipped(choice.except, id) };

/** What was chosen before a stretch began, and the stretch. */
export function withStretch(choice: Choice, ids: readonly number[]): Choice {
  if (choice.kind === 'ids') return { kind: 'ids', ids: new Set([...choice.ids, ...ids]) };
  const stretch = new Set(ids);
  return { kind: 'all', except: new Set([...choice.except].filter((id) => !stretch.has(id))) };
}

/** What a change is made to: what is chosen, else the pair that the keys act on. */
export function selectionOf(
  choice: Choice,
  filter: PairFilter,
  current: number | undefined,
): Selection | null {
  if (choice.kind === 'all') return { filter, except: [...choice.except] };
  if (choice.ids.size > 0) return { ids: [...choice.ids] };
  return current === undefined ? null : { ids: [current] };
}
