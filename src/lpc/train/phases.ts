/** Progress of work that is not a step: reported at its beginning and end, and in between a few times a second. */
import type { PhaseFrame } from '#core/runFrames.ts';

const SHORTEST_GAP_MS = 200;

export const phase = (
  name: PhaseFrame['phase'],
  done: number,
  total: number,
  note?: string | null,
): PhaseFrame => ({ type: 'phase', phase: name, done, total, ...(note && { note }) });

/** Lets messages to this process through, a stop among them: an eager engine gives no other chance. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Handles items one by one and tells how far it has come; ends early when asked to stop. */
export async function* eachWithProgress<T>(
  name: PhaseFrame['phase'],
  items: readonly T[],
  handle: (item: T, index: number) => Promise<void> | void,
  stop?: AbortSignal,
): AsyncGenerator<PhaseFrame, { readonly complete: boolean }> {
  yield phase(name, 0, items.length);
  let toldMs = performance.now();
  for (const [index, item] of items.entries()) {
    if (stop?.aborted) return { complete: false };
    await handle(item, index);
    const nowMs = performance.now();
    if (nowMs - toldMs >= SHORTEST_GAP_MS && index + 1 < items.length) {
      yield phase(name, index + 1, items.length);
      toldMs = nowMs;
      await breathe();
    }
  }
  yield phase(name, items.length, items.length);
  return { complete: true };
}
