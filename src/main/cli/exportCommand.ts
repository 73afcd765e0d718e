import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { FORMAT_TYPES } from '#core/jobs.ts';
import { exportFormatSchema, exportTypeSchema } from '#shared/policyEntities.ts';
import { type CheckpointOptions, checkpointOption } from './checkpointOption.ts';
import { type OutputOptions, printResult } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';

interface ExportOptions extends OutputOptions, CheckpointOptions {
  readonly project: string;
  readonly run?: string;
  readonly format: string;
  readonly type?: string;
  readonly to: string;
  readonly base?: string;
}

async function exportRun(options: ExportOptions): Promise<void> {
  const format = exportFormatSchema.parse(options.format);
  const type = options.type === undefined ? undefined : exportTypeSchema.parse(options.type);
  const result = await withProject(options.project, false, (facet) =>
    facet.services.runs.export({
      runId: runIdOf(facet, options.run),
      format,
      type,
      checkpoint: options.checkpoint,
      parent: resolve(options.to),
      base: options.base,
    }),
  );
  printResult(options, result, () => [
    result.folder,
    ...result.files.map(({ name, bytes }) => `  ${name} ${bytes} bytes`),
    ...result.notes,
  ]);
}

/** The formats that leave a choice. */
const typeWords = Object.entries(FORMAT_TYPES)
  .filter(([, types]) => types.length > 1)
  .map(([format, types]) => `${format} as ${types.join(', ')}`)
  .join('; ');

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a run as files that other tools read; nothing that is there is replaced')
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .addOption(checkpointOption())
    .addOption(
      new Option(
        '-f, --format <format>',
        'peft adapter, merged model folder, gguf file, gguf-lora adapter, onnx policy or codebook',
      )
        .choices(exportFormatSchema.options)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '-t, --type <type>',
        `how weights are written: ${typeWords}; the first of each where it is left out`,
      ).choices(exportTypeSchema.options),
    )
    .requiredOption('--to <folder>', 'folder in which the export makes a folder of its own')
    .option(
      '--base <name>',
      'what an adapter names as its base: owner/name, owner/name@revision or a path (default: where Facet fetched it from)',
    )
    .option('--json', 'print the result as JSON')
    .action(exportRun);
}
