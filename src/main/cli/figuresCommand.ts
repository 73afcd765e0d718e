import { resolve } from 'node:path';
import type { Command } from 'commander';
import { trlMetrics } from '#core/runFrames.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { Facet } from '../app.ts';
import { type OutputOptions, printResult } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';

interface FiguresOptions extends OutputOptions {
  readonly project: string;
  readonly run?: string;
  readonly to?: string;
}

/** Every step and evaluation of a run, in order, under TRL's names. */
async function logHistory(facet: Facet, runId: number): Promise<Record<string, number>[]> {
  const entries: Record<string, number>[] = [];
  for await (const frame of facet.services.runs.frames(runId)) {
    if (frame.type === 'step' || frame.type === 'evaluation') entries.push(trlMetrics(frame));
  }
  return entries;
}

async function figures(options: FiguresOptions): Promise<void> {
  const { run, log_history } = await withProject(options.project, false, async (facet) => {
    const { id, name } = facet.services.runs.get(runIdOf(facet, options.run));
    return { run: { id, name }, log_history: await logHistory(facet, id) };
  });
  if (options.to === undefined) {
    printResult(options, { run, log_history }, () => log_history.map((entry) => JSON.stringify(entry)));
    return;
  }
  const path = resolve(options.to);
  await writeJsonLines(path, log_history);
  printResult(options, { run, path, entries: log_history.length }, () => [
    `${log_history.length} steps and evaluations of run ${run.id} (${run.name}) in ${path}`,
  ]);
}

export function addFiguresCommand(program: Command): void {
  program
    .command('figures')
    .description("every step and evaluation of a run as JSON Lines, under TRL's names")
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .option('--to <file>', 'write them there (default: print them)')
    .option('--json', 'print one JSON value, as `log_history` of a trainer_state.json')
    .action(figures);
}
