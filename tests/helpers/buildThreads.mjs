/** Before the first test: the threads that main starts. */
export { ensureThreads as default } from '../../scripts/lib/threads.mjs';
