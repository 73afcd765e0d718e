import type { Place } from './claims.ts';

/** Whether a pair that somebody has not decided has room for a label of theirs. */
export type Room = (pairId: number, annotatorId: number) => Place;

/** Of pairs in their order those with room for somebody, `limit` at most; and the first that is not full. */
export function withRoom(room: Room, annotatorId: number, pairIds: Iterable<number>, limit: number) {
  const free: number[] = [];
  let firstWanted: number | undefined;
  for (const pairId of pairIds) {
    const place = room(pairId, annotatorId);
    if (place !== 'full') firstWanted ??= pairId;
    if (place === 'free') free.push(pairId);
    if (free.length === limit) break;
  }
  return { free, firstWanted };
}

/** Pairs that had all their labels and lost one since: nobody's walk comes by them again. */
export class FreedPairs {
  readonly #ids = new Set<number>();

  add(pairId: number): void {
    this.#ids.add(pairId);
  }
  clear(): void {
    this.#ids.clear();
  }
  /** Those that are still wanted, in order. */
  wanted(room: Room): number[] {
    // 0 is nobody: every label counts.
    for (const pairId of this.#ids) if (room(pairId, 0) === 'full') this.#ids.delete(pairId);
    return [...this.#ids].sort((one, other) => one - other);
  }
}
