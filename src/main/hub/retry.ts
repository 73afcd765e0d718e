import { setTimeout as wait } from 'node:timers/promises';
import { TransientError } from './hubFailures.ts';

/** Milliseconds before each further attempt. */
export type RetryDelays = readonly number[];
export const RETRY_DELAYS_MS: RetryDelays = [500, 1000, 2000, 4000, 8000, 16_000, 30_000];

/**
 * Repeats `work` while it fails transiently. The count starts anew whenever `progress` says another number than before:
 * a slow line that drops every minute still gets there.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { delaysMs, signal, progress }: { delaysMs: RetryDelays; signal: AbortSignal; progress?: () => number },
): Promise<T> {
  let attempt = 0;
  let seen = progress?.() ?? 0;
  for (;;) {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const now = progress?.() ?? 0;
      if (now > seen) attempt = 0;
      seen = now;
      const delayMs = delaysMs[attempt];
      if (!(error instanceof TransientError) || delayMs === undefined) throw error;
      attempt += 1;
      await wait(error.retryAfterMs ?? delayMs, undefined, { signal });
    }
  }
}
