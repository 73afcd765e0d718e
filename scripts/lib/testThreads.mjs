/** Before the first test: the threads that main starts. */
export { ensureThreads as default } from './threads.mjs';
