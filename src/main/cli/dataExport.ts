import { basename, extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type DataExport,
  EXPORT_FILES,
  EXPORT_SHAPES,
  EXPORT_STATUSES,
  type ExportFile,
  LABEL_RULES,
  NO_PREFERENCE_RULES,
  type PairChoice,
} from '#shared/dataEntities.ts';
import type { SavedView } from '#shared/entities.ts';
import { type OutputOptions, printResult } from './output.ts';
import { withProject } from './session.ts';
import { viewChoice } from './viewChoice.ts';
import { wholePass } from './wholePass.ts';

interface Options
  extends OutputOptions,
    Pick<DataExport, 'shape' | 'out' | 'labels' | 'seed' | 'ties' | 'bothBad'>,
    Pick<PairChoice, 'text' | 'status'> {
  readonly project: string;
  readonly file?: ExportFile;
  readonly adjudicator?: string;
  readonly source?: string[];
  readonly annotator?: string[];
  readonly tag?: string[];
  readonly view?: string;
  readonly test: number;
  readonly run?: number;
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
  const { project, shape, out, labels, ties, bothBad, seed, text, status } = options;
  const request = (views: readonly SavedView[]) => {
    const seen = options.view === undefined ? null : viewChoice(views, options.view);
    return {
      ...{ shape, out, labels, ties, bothBad, seed },
      name: basename(out),
      file: options.file ?? EXTENSIONS[extname(out).toLowerCase()] ?? 'jsonl',
      adjudicator: options.adjudicator ?? null,
      pairs: {
        text,
        status: status === 'all' ? (seen?.status ?? status) : status,
        shown: seen?.shown ?? null,
        sources: options.source ?? null,
        annotators: options.annotator ?? null,
        tags: options.tag ?? null,
      },
      testShare: options.test,
      runId: options.run ?? null,
    } as const;
  };
  const result = await withProject(project, false, ({ services }) =>
    wholePass('export', (signal) => services.data.export(request(services.library.views()), signal)),
  );
  printResult(options, result, () => [
    ...result.files.map(({ path, rows }) => `${path}: ${rows} rows`),
    ...result.beside,
    result.card,
    ...Object.entries(result.leftOut).map(([reason, count]) => `left out: ${count} (${reason})`),
  ]);
}

const choice = (flags: string, description: string, values: readonly string[]) =>
  new Option(flags, description).choices(values);

export function addDataExport(data: Command): void {
  data
    .command('export')
    .description('write pairs and labels in the shape of a tool, or all that is known of them (facet)')
    .requiredOption('-p, --project <file>', 'project file')
    .addOption(choice('--shape <name>', 'whose shape', EXPORT_SHAPES).makeOptionMandatory())
    .requiredOption('-o, --out <file>', 'where to; .jsonl, .csv or .parquet')
    .addOption(choice('--file <kind>', 'kind of file, where the ending does not say it', EXPORT_FILES))
    .addOption(choice('--labels <rule>', 'one label of several people', LABEL_RULES).default('majority'))
    .option(
      '--adjudicator <name>',
      'who decides where people differ (with --labels adjudicated); left out: what adjudicators have settled',
    )
    .addOption(
      choice('--ties <rule>', 'leave ties out, or a row each way', NO_PREFERENCE_RULES).default('leave-out'),
    )
    .addOption(choice('--both-bad <rule>', 'the same of both bad', NO_PREFERENCE_RULES).default('leave-out'))
    .option('--source <names...>', 'only pairs of these sources')
    .option('--text <query>', 'only pairs that hold this, as the Library searches', '')
    .option('--tag <names...>', 'only pairs that have all of these tags')
    .option('--view <name>', 'only what this saved view of the Library shows')
    .option('--annotator <names...>', 'only labels of these people')
    .addOption(
      choice('--status <status>', 'of those people, or of everybody', EXPORT_STATUSES).default('all'),
    )
    .option('--test <share>', 'share of the prompts that goes to a file of its own', share, 0)
    .option('--seed <number>', 'seed of that split', whole, 0)
    .option('--run <id>', 'a run whose codes the card describes', whole)
    .option('--json', 'print the result as JSON')
    .action(run);
}
