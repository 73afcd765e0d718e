/**
 * Loaded into the process that is measured (`--import`): tells its parent what is still held after garbage
 * was collected. What a process has of the system grows by garbage that nobody has needed to collect yet.
 */
const EVERY_MS = 10_000;

setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
}, EVERY_MS).unref();

export {};
