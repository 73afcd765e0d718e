/** Which labels made a code: the pairs trained on to which the posterior, shown prompt and label, gives it the most weight. */
import { join } from 'node:path';
import type { ScoreResult } from '#core/jobs.ts';
import { hasPosterior } from '#core/methods.ts';
import { type Result, unwrap } from '#core/result.ts';
import type { CodeLabels } from '#shared/codeLabels.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import type { passes } from './passes.ts';
import { type CheckpointPlace, runDirectory } from './runCheckpoint.ts';

interface Asked {
  readonly project: OpenProject;
  readonly compute: ComputeClient;
  readonly models: ModelService;
  readonly runId: number;
  readonly place: CheckpointPlace;
  readonly code: number;
  readonly pass: ReturnType<typeof passes>;
}

/** Scores the run's pairs by the checkpoint, once: what was scored before a stop is kept, and other codes are read off it. */
export async function* codeLabels(
  { project, compute, models, runId, place, code, pass }: Asked,
  signal?: AbortSignal,
): AsyncGenerator<PassFrame<CodeLabels>, void> {
  const { config, modelId } = project.runs.get(runId);
  if (!hasPosterior(config)) {
    const reason = 'This run was trained without a posterior, so no label has a weight of its own on a code.';
    yield { type: 'done', result: { reason, pairs: 0, strongest: 0, top: [] } };
    return;
  }
  const runDir = runDirectory(project, runId);
  const outputPath = join(runDir, `labels-${place.step}.jsonl`);
  const frames = new FrameQueue<PassFrame<CodeLabels>>();
  const left = new AbortController();
  const stop = AbortSignal.any([left.signal, project.closing.signal, ...(signal ? [signal] : [])]);
  const job = {
    kind: 'score',
    ...{ modelDir: models.get(modelId).path, checkpointDir: place.folder },
    ...{ datasetPath: join(runDir, 'dataset.jsonl'), outputPath },
    ...{ cacheDir: join(project.filesDir, 'cache'), engine: config.engine },
  } as const;
  const running: Promise<Result<ScoreResult>> = compute
    .run<'score'>(job, {
      stop,
      onFrame: (frame) => {
        if (frame.type === 'phase') frames.push({ type: 'progress', done: frame.done, total: frame.total });
      },
    })
    .finally(() => frames.end());
  project.track(running);
  try {
    yield* frames.read();
    unwrap(await running);
    yield* pass('labels', { runDir, scored: outputPath, code }, stop);
  } finally {
    left.abort();
    await running;
  }
}
