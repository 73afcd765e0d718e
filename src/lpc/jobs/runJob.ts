/** One function for every kind of job; each kind's code is loaded when it is first asked for. */
import type { Job, JobResults } from '#core/jobs.ts';
import { unreachable } from '#core/result.ts';
import type { RunFrame } from '#core/runFrames.ts';

type AnyResult = JobResults[keyof JobResults];

/** Passes on every frame, then gives the result. */
async function drain<T>(frames: AsyncGenerator<RunFrame, T>, onFrame: (frame: RunFrame) => void): Promise<T> {
  for (;;) {
    const next = await frames.next();
    if (next.done) return next.value;
    onFrame(next.value);
  }
}

/**
 * Does a job. `stop` asks it to end early: training keeps what it has, other jobs fail with `job.stopped`.
 * Throws `FacetError`.
 */
export async function runJob(
  job: Job,
  onFrame: (frame: RunFrame) => void,
  stop: AbortSignal,
): Promise<AnyResult> {
  switch (job.kind) {
    case 'train': {
      const { train } = await import('../train/train.ts');
      const { dropWarmPolicies } = await import('./warm.ts');
      await dropWarmPolicies();
      return drain(train(job, stop), onFrame);
    }
    case 'codes':
      return drain((await import('./codes.ts')).codesJob(job, stop), onFrame);
    case 'probe':
      return (await import('./codes.ts')).probeJob(job, stop);
    case 'vocabulary':
      return (await import('./vocabulary.ts')).vocabularyJob(job);
    case 'score':
      return drain((await import('./score.ts')).scoreJob(job, stop), onFrame);
    case 'causes':
      return drain((await import('./causes.ts')).causesJob(job, stop), onFrame);
    case 'candidates':
      return drain((await import('./candidates.ts')).candidatesJob(job, stop), onFrame);
    case 'audit':
      return drain((await import('./audit.ts')).auditJob(job, stop), onFrame);
    case 'estimate':
      return drain((await import('./estimate.ts')).estimateJob(job, stop), onFrame);
    case 'engines':
      return (await import('#compute/index.ts')).listEngines({ probe: job.probe });
    case 'inspect-model': {
      const { inspectModel } = await import('../backbone/inspectModel.ts');
      return inspectModel(job.modelDir);
    }
    case 'export':
      return (await import('./export.ts')).exportJob(job);
    case 'tokens':
      return (await import('./tokens.ts')).tokensJob(job);
    case 'reply-tokens':
      return (await import('./replyTokens.ts')).replyTokensJob(job);
    case 'generate':
      return (await import('./generate.ts')).generateJob(job, onFrame, stop);
    case 'generate-many':
      return (await import('./generate.ts')).generateManyJob(job, onFrame, stop);
    default:
      return unreachable(job);
  }
}
