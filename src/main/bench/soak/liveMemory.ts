/**
 * Loaded into the process that is measured (`--import`): tells its parent what is still held after garbage
 * was collected. What a process has of the system grows by garbage that nobody has needed to collect yet.
 */
/** Rare enough that the pauses, which no server would have, leave the slowest hundredth of the saves alone. */
const EVERY_MS = 30_000;

setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
}, EVERY_MS).unref();

export {};
