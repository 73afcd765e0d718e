/** Entry of the compute process. It may be stopped or killed at any moment without harm to a project. */
import { toFailure } from '#core/result.ts';
import { runJob } from '#lpc/jobs/runJob.ts';
import { TEXT_LIMIT_MS, watchedWork } from '#lpc/tokens/timeLimit.ts';
import { parentChannel } from './channel.ts';
import { serveJobs } from './serve.ts';
import { startWatchdog } from './watchdog.ts';

const channel = parentChannel();
if (channel === null) {
  process.stderr.write('The compute process is started by Facet and takes its jobs from there.\n');
  process.exit(2);
}
channel.onClose(() => process.exit(0));
startWatchdog({ work: watchedWork, limitMs: TEXT_LIMIT_MS });
const service = serveJobs(channel, runJob);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    service.failAll(toFailure(error));
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // Leaves the channel time to carry the failures across.
    setTimeout(() => process.exit(1), 100);
  });
}
