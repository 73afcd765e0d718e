import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { FacetError } from '#core/result.ts';
import { FIGURE_FORMATS, type FigureFormat } from '#core/runFigures.ts';
import { figureFileName } from '../services/runFigures.ts';
import { type OutputOptions, printResult } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';

interface FiguresOptions extends OutputOptions {
  readonly project: string;
  readonly run?: string;
  readonly format: FigureFormat;
  readonly to?: string;
}

async function print(options: FiguresOptions): Promise<void> {
  if (options.format !== 'jsonl')
    throw new FacetError({
      code: 'cli.bad-options',
      message: `--format ${options.format} is written to a file`,
      fix: 'Name it: --to FILE, or with tensorboard --to FOLDER.',
    });
  const { run, log_history } = await withProject(options.project, false, async (facet) => {
    const { id, name } = facet.services.runs.get(runIdOf(facet, options.run));
    return { run: { id, name }, log_history: await facet.services.runs.figures(id) };
  });
  printResult(options, { run, log_history }, () => log_history.map((entry) => JSON.stringify(entry)));
}

async function write(options: FiguresOptions, to: string): Promise<void> {
  const { format } = options;
  const { run, path, entries } = await withProject(options.project, false, async (facet) => {
    const found = facet.services.runs.get(runIdOf(facet, options.run));
    const file = format === 'tensorboard' ? join(resolve(to), figureFileName(found, format)) : resolve(to);
    const saved = await facet.services.runs.writeFigures(found.id, format, file);
    return { run: { id: found.id, name: found.name }, ...saved };
  });
  printResult(options, { run, path, entries }, () => [
    `${entries} steps and evaluations of run ${run.id} (${run.name}) in ${path}`,
  ]);
}

const figures = (options: FiguresOptions): Promise<void> =>
  options.to === undefined ? print(options) : write(options, options.to);

export function addFiguresCommand(program: Command): void {
  program
    .command('figures')
    .description("every step and evaluation of a run, under TRL's names: printed, or written to a file")
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .addOption(
      new Option('-f, --format <format>', 'JSON Lines, CSV, JSON, or an event file of TensorBoard')
        .choices(FIGURE_FORMATS)
        .default('jsonl'),
    )
    .option(
      '--to <file>',
      'write them there; with tensorboard, the folder of the event file (default: print them)',
    )
    .option('--json', 'print one JSON value, as `log_history` of a trainer_state.json')
    .action(figures);
}
