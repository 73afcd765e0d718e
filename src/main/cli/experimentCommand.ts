import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENGINES, TRAINABLE } from '#core/runConfig.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { startForkedWorker } from '../compute/forkLink.ts';
import { createWorkerPool } from '../compute/workerPool.ts';
import { codeVersion, resourcesDir, rootDir, userDataDir, workerEntry } from '../environment.ts';
import { designOf } from '../experiment/designs/index.ts';
import { codeFingerprint } from '../experiment/fingerprints.ts';
import { outcomeJson } from '../experiment/outcome.ts';
import { outcomeLines } from '../experiment/outcomeLines.ts';
import { experimentProgress } from '../experiment/progress.ts';
import { reportPage } from '../experiment/report/page.ts';
import { runExperiment } from '../experiment/runExperiment.ts';
import { parseSeeds } from '../experiment/seeds.ts';
import { EXPERIMENTS } from '../experiment/types.ts';
import { type OutputOptions, printResult } from './output.ts';

interface ExperimentOptions extends OutputOptions {
  readonly seeds: string;
  readonly report?: string;
  readonly model?: string;
  readonly data?: string;
  readonly limit?: number;
  readonly processes: number;
  readonly folder?: string;
  readonly groups?: string;
  readonly methods?: string;
  readonly stored?: boolean;
  readonly steps?: string;
  readonly trainable?: string;
  readonly engine?: string;
  readonly set: readonly string[];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('a whole number of at least 1 is needed.');
}

/** The command as it can be given again, paths as they were typed. */
function commandOf(name: string, options: ExperimentOptions): string {
  const word = (text: string) => (/^[\w./=:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const parts = ['npm run facet -- experiment', name, '--seeds', options.seeds];
  for (const key of ['steps', 'trainable', 'engine', 'model', 'data', 'limit', 'processes'] as const) {
    const value = options[key];
    if (value !== undefined) parts.push(`--${key}`, word(String(value)));
  }
  for (const key of ['groups', 'methods'] as const) {
    const value = options[key];
    if (value !== undefined) parts.push(`--${key}`, word(value));
  }
  if (options.stored) parts.push('--stored');
  for (const assignment of options.set) parts.push('--set', word(assignment));
  return parts.join(' ');
}

async function experiment(given: string | undefined, options: ExperimentOptions): Promise<void> {
  const { name } = designOf(given ?? '');
  const { processes } = options;
  const threads = Math.max(1, Math.floor(availableParallelism() / processes));
  const compute = createWorkerPool(() => startForkedWorker(workerEntry, { FACET_THREADS: String(threads) }), {
    maxProcesses: processes,
  });
  const stop = new AbortController();
  const onInterrupt = () => {
    stop.abort();
    void compute.dispose();
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const progress = experimentProgress();
  try {
    const outcome = await runExperiment({
      name,
      seeds: parseSeeds(options.seeds),
      settings: options,
      modelDir: resolve(options.model ?? join(resourcesDir, 'starter')),
      dataFile: options.data === undefined ? null : resolve(options.data),
      sampleFile: join(resourcesDir, 'sample', 'sample.jsonl'),
      limit: options.limit ?? null,
      groups: options.groups ?? null,
      methods: options.methods ?? null,
      storedOnly: options.stored ?? false,
      folder: resolve(options.folder ?? join(userDataDir(), 'experiments')),
      processes,
      command: commandOf(name, options),
      codeVersion: codeVersion(),
      codeFingerprint: codeFingerprint(workerEntry, rootDir),
      compute,
      stop: stop.signal,
      onEvent: progress.event,
      note: progress.note,
    });
    progress.end();
    if (options.report !== undefined) {
      await writeFileAtomic(resolve(options.report), [reportPage(outcome)]);
    }
    printResult(options, outcomeJson(outcome), () => outcomeLines(outcome));
    if (outcome.failed.length > 0) process.exitCode = 1;
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await compute.dispose();
  }
}

export function addExperimentCommand(program: Command): void {
  program
    .command('experiment')
    .description(
      `run one of ${EXPERIMENTS.join(', ')} over several seeds; finished cells are kept, and the same command resumes after a stop`,
    )
    .argument('[name]', EXPERIMENTS.join(', '))
    .option('--seeds <n>', 'how many, from 1, or a list such as 1,2,7', '3')
    .option('--report <file>', 'write one HTML page with tables, intervals, plots and settings')
    .option('-m, --model <folder>', 'model folder (default: the starter model)')
    .option(
      '--data <file>',
      'pair file in any shape that import takes, or a folder of them (default: the bundled sample)',
    )
    .option('--limit <n>', 'about so many pairs of the file, whole prompts, drawn by a fixed key', parseCount)
    .option(
      '--processes <n>',
      'cells at once; the cores are shared out among them',
      parseCount,
      availableParallelism(),
    )
    .option(
      '--folder <folder>',
      'where results are kept (default: experiments, in the folder of Facet’s own files)',
    )
    .option('--groups <names>', 'only these groups of the experiment, separated by |')
    .option('--methods <names>', 'only these methods, separated by |')
    .option('--stored', 'show what is in the folder already and compute nothing')
    .option('--steps <n>', 'training steps of each cell')
    .addOption(new Option('--trainable <part>', 'what trains').choices(TRAINABLE))
    .addOption(
      new Option('--engine <name>', 'default onnx-cpu').choices(
        ENGINES.filter((engine) => engine !== 'auto'),
      ),
    )
    .option(
      '--set <key=value>',
      'any other setting that the experiment doesn’t vary itself; may be repeated',
      (value: string, before: string[]) => [...before, value],
      [] as string[],
    )
    .option('--json', 'print the result as JSON')
    .action(experiment);
}
