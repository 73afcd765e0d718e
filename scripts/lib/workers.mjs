import { availableParallelism } from 'node:os';

/** Test files at once. Two even on one core: a window, a server and a compute process wait for each other much of the time. */
export const testWorkers = () => Math.min(Math.max(availableParallelism(), 2), 8);

/** Test files with a window at once: focus and clipboard belong to a whole screen, and only Linux has one for each of them. */
export const windowWorkers = () => (process.platform === 'linux' ? testWorkers() : 1);
