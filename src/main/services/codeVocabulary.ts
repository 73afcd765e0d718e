/** Tokens that codes lift and lower, computed once a checkpoint. */
import type { VocabularyResult } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import type { Outputs } from '#shared/contract.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointAt } from './runCheckpoint.ts';

/** Checkpoints whose words are kept at hand. */
const KEPT = 4;

export class CodeVocabulary {
  readonly #known = new Map<string, VocabularyResult>();

  async of(
    project: OpenProject,
    { compute, models }: { readonly compute: ComputeClient; readonly models: ModelService },
    place: { readonly runId: number; readonly step: number; readonly code: number },
    stop: AbortSignal,
  ): Promise<Outputs['codes']['vocabulary']> {
    const { runId, step, code } = place;
    const { folder } = checkpointAt(project, runId, step);
    const known =
      this.#known.get(folder) ?? (await this.#read(project, { compute, models }, runId, folder, stop));
    const words = known.codes?.[code];
    return {
      lifted: [...(words?.lifted ?? [])],
      lowered: [...(words?.lowered ?? [])],
      reason: known.reason,
    };
  }

  async #read(
    project: OpenProject,
    { compute, models }: { readonly compute: ComputeClient; readonly models: ModelService },
    runId: number,
    checkpointDir: string,
    stop: AbortSignal,
  ): Promise<VocabularyResult> {
    const run = project.runs.get(runId);
    const modelDir = models.get(run.modelId).path;
    const job = { kind: 'vocabulary', modelDir, checkpointDir, engine: run.config.engine } as const;
    const title = `Words that the codes of ${run.name} lift`;
    const found = unwrap(await compute.run<'vocabulary'>(job, { stop, title }));
    this.#known.set(checkpointDir, found);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value as string);
    return found;
  }
}
