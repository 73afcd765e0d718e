import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FacetError } from '#core/result.ts';
import type { Facet } from '../app.ts';
import { type CheckpointOptions, checkpointOption } from './checkpointOption.ts';
import { interruptible } from './interruptible.ts';
import { type OutputOptions, percent, printResult } from './output.ts';
import { withProject } from './session.ts';
import { modelIdOf } from './trainCommand.ts';

interface ScoreOptions extends OutputOptions, CheckpointOptions {
  readonly project: string;
  readonly run?: string;
  readonly base?: boolean;
  readonly model?: string;
  readonly to?: string;
}

/** The run that was named, or the latest that ended with a checkpoint. */
export function runIdOf(facet: Facet, given: string | undefined): number {
  if (given !== undefined) return facet.services.runs.get(Number(given)).id;
  const ended = facet.services.runs
    .list()
    .filter(({ state }) => ['finished', 'stopped', 'paused'].includes(state));
  const latest = ended.map(({ id }) => id).sort((left, right) => right - left)[0];
  if (latest !== undefined) return latest;
  throw new FacetError({
    code: 'cli.no-run',
    message: 'no run of this project has ended yet',
    fix: 'Train one first: facet train --project FILE',
  });
}

async function score(file: string, options: ScoreOptions): Promise<void> {
  const result = await withProject(options.project, false, async (facet) => {
    const runId = options.base ? null : runIdOf(facet, options.run);
    const modelId =
      runId === null ? await modelIdOf(facet, options.model) : facet.services.runs.get(runId).modelId;
    const outputPath = options.to && resolve(options.to);
    const request = { file: resolve(file), modelId, runId, checkpoint: options.checkpoint, outputPath };
    const scored = await interruptible((follow) => facet.services.runs.score(request, follow));
    return { runId, modelId, ...scored };
  });
  printResult(options, result, () => [
    `${result.runId === null ? 'base model' : `run ${result.runId}`}: ${result.pairs} pairs, accuracy ${percent(result.accuracy)}, margin ${result.margin.toFixed(4)}`,
    `one row per pair in ${result.outputPath}`,
  ]);
}

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description(
      'margins, rewards and log-probabilities of a pair file by a run, or by the base model; resumes where it was interrupted',
    )
    .argument('<file>', 'pair file in any shape that import takes')
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .addOption(checkpointOption())
    .option('--base', 'score by the model as it is, without a run')
    .option('-m, --model <folder>', 'with --base: model folder (default: the starter model)')
    .option('--to <file>', "where the rows go (default: the project's folder)")
    .option('--json', 'print the result as JSON')
    .action(score);
}
