import { extname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { connectReader } from '../data/database.ts';
import { type DataExport, EXPORT_FILES, type ExportFile, exportData } from '../export/exportData.ts';
import { LABEL_RULES } from '../export/labels.ts';
import { EXPORT_SHAPES } from '../export/shapes.ts';
import { type OutputOptions, printResult } from './output.ts';
import { withProject } from './session.ts';

interface Options extends OutputOptions, Pick<DataExport, 'shape' | 'out' | 'labels' | 'seed'> {
  readonly project: string;
  readonly file?: ExportFile;
  readonly adjudicator?: string;
  readonly source?: string[];
  readonly test: number;
}

const EXTENSIONS: Readonly<Record<string, ExportFile>> = { '.csv': 'csv', '.parquet': 'parquet' };

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('A share from 0 to below 1.');
}
function whole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('A whole number from 0 up.');
}

async function run(options: Options): Promise<void> {
  const { project, shape, out, labels, seed, test, source, adjudicator = null } = options;
  const file = options.file ?? EXTENSIONS[extname(out).toLowerCase()] ?? 'jsonl';
  // Opened once as everything opens it: an older project is upgraded first.
  const result = await withProject(project, false, async () => {
    const database = connectReader(resolve(project));
    try {
      return await exportData(database, {
        shape,
        out: resolve(out),
        file,
        labels,
        adjudicator,
        sources: source ?? null,
        testShare: test,
        seed,
      });
    } finally {
      database.close();
    }
  });
  printResult(options, result, () => [
    ...result.files.map(({ path, rows }) => `${path}: ${rows} rows`),
    result.card,
    ...Object.entries(result.leftOut).map(([reason, count]) => `left out: ${count} (${reason})`),
  ]);
}

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('pairs and labels as files');
  data
    .command('export')
    .description('write pairs and labels in the shape of a tool, or all that is known of them (facet)')
    .requiredOption('-p, --project <file>', 'project file')
    .addOption(new Option('--shape <name>', 'whose shape').choices(EXPORT_SHAPES).makeOptionMandatory())
    .requiredOption('-o, --out <file>', 'where to; .jsonl, .csv or .parquet')
    .addOption(
      new Option('--file <kind>', 'kind of file, where the ending does not say it').choices(EXPORT_FILES),
    )
    .addOption(
      new Option('--labels <rule>', 'one label of several people').choices(LABEL_RULES).default('majority'),
    )
    .option('--adjudicator <name>', 'who decides where people differ (with --labels adjudicated)')
    .option('--source <names...>', 'only pairs of these sources')
    .option('--test <share>', 'share of the prompts that goes to a file of its own', share, 0)
    .option('--seed <number>', 'seed of that split', whole, 0)
    .option('--json', 'print the result as JSON')
    .action(run);
}
