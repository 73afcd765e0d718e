import { unwrap } from '#core/result.ts';
import type { Outputs } from '#shared/contract.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import type { CodesOf } from './codesAt.ts';
import { knownPrompts } from './knownPrompts.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointAt, runDirectory } from './runCheckpoint.ts';

interface Parts {
  readonly compute: ComputeClient;
  readonly models: ModelService;
}

/** p(z|x) of typed text as it grows, token by token. */
export async function growText(
  project: OpenProject,
  { compute, models }: Parts,
  { runId, step }: CodesOf,
  text: string,
  signal?: AbortSignal,
): Promise<Outputs['codes']['growth']> {
  const run = project.runs.get(runId);
  const place = checkpointAt(project, runId, step ?? null);
  const { growth = [] } = unwrap(
    await compute.run<'probe'>(
      {
        kind: 'probe',
        modelDir: models.get(run.modelId).path,
        checkpointDir: place.folder,
        messages: [{ role: 'user', content: text }],
        growth: true,
        engine: run.config.engine,
      },
      { stop: AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]) },
    ),
  );
  return growth.map(({ added, weights }) => ({ added, weights: [...weights] }));
}

/** p(z|x) of typed text, and the prompts trained on that are nearest to it. */
export async function probeText(
  project: OpenProject,
  { compute, models }: Parts,
  { runId, step }: CodesOf,
  text: string,
  signal?: AbortSignal,
): Promise<Outputs['codes']['probe']> {
  const run = project.runs.get(runId);
  const place = checkpointAt(project, runId, step ?? null);
  const known = await knownPrompts(runDirectory(project, runId), place.step);
  const { nearest, weights, ...counts } = unwrap(
    await compute.run<'probe'>(
      {
        kind: 'probe',
        modelDir: models.get(run.modelId).path,
        checkpointDir: place.folder,
        ...(known && { knownPath: known.path }),
        messages: [{ role: 'user', content: text }],
        engine: run.config.engine,
      },
      { stop: AbortSignal.any([project.closing.signal, ...(signal ? [signal] : [])]) },
    ),
  );
  return {
    ...counts,
    weights: [...weights],
    usual: known?.usual ?? null,
    known: known?.promptIds.length ?? 0,
    nearest: nearest.flatMap(({ row, distance }) => {
      const prompt = project.codes.prompt(known?.promptIds[row] ?? -1);
      return prompt ? [{ promptId: prompt.id, text: prompt.preview, source: prompt.source, distance }] : [];
    }),
  };
}
