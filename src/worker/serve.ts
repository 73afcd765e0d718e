/** Takes jobs from a channel and answers each with frames and one result or failure; nothing is thrown across. */
import type { Job, JobResults } from '#core/jobs.ts';
import { type Failure, toFailure } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';
import type { Channel } from './channel.ts';

export type RunJob = (
  job: Job,
  onFrame: (frame: RunFrame) => void,
  stop: AbortSignal,
) => Promise<JobResults[keyof JobResults]>;

export interface Service {
  /** Fails every job under way, for a process that can't go on. */
  failAll(failure: Failure): void;
}

export function serveJobs(channel: Channel, runJob: RunJob): Service {
  const running = new Map<number, AbortController>();

  const start = async (id: number, job: Job): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const onFrame = (frame: RunFrame) => channel.send({ type: 'frame', id, frame });
      const result = await runJob(job, onFrame, controller.signal);
      if (running.delete(id)) channel.send({ type: 'done', id, result });
    } catch (error) {
      if (running.delete(id)) channel.send({ type: 'failed', id, failure: toFailure(error) });
    }
  };

  channel.onMessage((message) => {
    if (message.type === 'start') void start(message.id, message.job);
    else {
      const asked = running.get(message.id);
      if (asked) channel.send({ type: 'stopping', id: message.id });
      asked?.abort();
    }
  });
  channel.send({ type: 'ready' });

  return {
    failAll(failure) {
      for (const id of [...running.keys()]) {
        running.delete(id);
        channel.send({ type: 'failed', id, failure });
      }
    },
  };
}
