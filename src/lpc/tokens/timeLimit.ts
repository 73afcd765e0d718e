/** A chat template and a tokenizer's patterns are programs that came with a model: some never end, by malice or by accident. */
import { createContext, Script } from 'node:vm';
import { FacetError } from '#core/result.ts';

/** Far more than the longest text takes that a model can hold. */
export const TEXT_LIMIT_MS = 30_000;

/**
 * When the work under way began, in tenths of a second of `process.uptime` (0 where there is none). In memory that the
 * watchdog of the compute process sees from its thread: it ends the process where one piece of work takes too long.
 */
export const watchedWork = new Int32Array(new SharedArrayBuffer(4));

const now = (): number => Math.max(1, Math.round(10 * process.uptime()));

/** Runs `work` under the eyes of the watchdog. Costs next to nothing, so that each text can have it. */
export function watched<T>(work: () => T): T {
  // Work within work counts from the outer one's beginning.
  if (Atomics.load(watchedWork, 0) !== 0) return work();
  Atomics.store(watchedWork, 0, now());
  try {
    return work();
  } finally {
    Atomics.store(watchedWork, 0, 0);
  }
}

const script = new Script('work()');

/** An error of the other context: no instance of this one's `Error`. */
const isTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs `work` and interrupts it where it takes longer than `limitMs`, in whatever loop or pattern it is: throws
 * `tokens.too-slow`, naming `file`. Takes some tenths of a millisecond: for what is done once.
 */
export function interruptible<T>(file: string, limitMs: number, work: () => T): T {
  let value: T | undefined;
  const context = createContext({
    work: () => {
      value = work();
    },
  });
  try {
    script.runInContext(context, { timeout: limitMs });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new FacetError(
      {
        code: 'tokens.too-slow',
        message: `${file}: the chat template or a pattern of the tokenizer was still at work on a short text after ${limitMs / 1000} s.`,
        fix: 'Fetch the tokenizer files from the model’s own page, or choose another model.',
        where: { file },
      },
      { cause: error },
    );
  }
  return value as T;
}
