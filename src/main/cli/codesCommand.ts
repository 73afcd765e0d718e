import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CodesOverview, TopPrompt } from '#shared/entities.ts';
import type { Facet } from '../app.ts';
import { causesLines } from './causesLines.ts';
import { type CheckpointOptions, checkpointOption, stepOf } from './checkpointOption.ts';
import { interruptible } from './interruptible.ts';
import { type OutputOptions, percent, printResult, table } from './output.ts';
import { runIdOf } from './scoreCommand.ts';
import { withProject } from './session.ts';

interface CodesOptions extends OutputOptions, CheckpointOptions {
  readonly project: string;
  readonly run?: string;
  readonly top: string;
  readonly prompt?: string;
  readonly prompts?: string;
  readonly to?: string;
}
interface CodesResult {
  readonly overview: CodesOverview;
  readonly top: readonly { readonly code: number; readonly prompts: readonly TopPrompt[] }[];
}

const promptsPerCode = 3;

function overviewLines({ overview, top }: CodesResult): string[] {
  const { runId, codes, prompts, perplexity, dead, nmiSource, causes, warning } = overview;
  const strongest = top.flatMap(
    ({ code }) => overview.summaries.find((summary) => summary.code === code) ?? [],
  );
  const rows = strongest.map(({ code, share, first, sources, keywords }) => [
    String(code),
    percent(share),
    String(first),
    sources
      .slice(0, 3)
      .map((source) => `${source.source} ${percent(source.share)}`)
      .join(', '),
    keywords.slice(0, 5).join(' '),
  ]);
  return [
    `run ${runId}: ${codes} codes over ${prompts} prompts, perplexity ${perplexity.toFixed(2)}, ${dead} dead, NMI with source ${nmiSource.toFixed(3)}`,
    ...causesLines(causes),
    ...(warning ? [`warning: ${warning}`] : []),
    ...table([['code', 'share', 'strongest for', 'sources', 'keywords'], ...rows]),
    ...top.flatMap(({ code, prompts: best }) =>
      best.map(
        ({ text, weight }) => `  ${code}  ${weight.toFixed(3)}  ${text.replaceAll('\n', ' ').slice(0, 90)}`,
      ),
    ),
  ];
}

const codesOf = (facet: Facet, { run, checkpoint }: CodesOptions): { runId: number; step?: number } => {
  const runId = runIdOf(facet, run);
  const step = stepOf(facet.services.runs.get(runId), checkpoint);
  return step === undefined ? { runId } : { runId, step };
};

async function showOverview(options: CodesOptions): Promise<void> {
  const result = await withProject(options.project, false, async (facet): Promise<CodesResult> => {
    const of = codesOf(facet, options);
    const overview = await facet.services.codes.overview(of);
    const strongest = [...overview.summaries].sort((left, right) => right.share - left.share);
    const top = await Promise.all(
      strongest.slice(0, Number(options.top)).map(async ({ code }) => ({
        code,
        prompts: await facet.services.codes.topPrompts(of, code, promptsPerCode),
      })),
    );
    return { overview, top };
  });
  printResult(options, result, () => overviewLines(result));
}

async function probe(text: string, options: CodesOptions): Promise<void> {
  const result = await withProject(options.project, false, (facet) =>
    facet.services.codes.probe(codesOf(facet, options), text),
  );
  const ranked = result.weights.map((weight, code) => ({ code, weight }));
  ranked.sort((left, right) => right.weight - left.weight);
  printResult(options, result, () => [
    `${result.tokens} tokens; the strongest codes are`,
    ...ranked.slice(0, Number(options.top)).map(({ code, weight }) => `  ${code}  ${weight.toFixed(4)}`),
  ]);
}

async function codesOfFile(file: string, options: CodesOptions): Promise<void> {
  const result = await withProject(options.project, false, (facet) => {
    const request = {
      ...codesOf(facet, options),
      file: resolve(file),
      outputPath: options.to && resolve(options.to),
    };
    return interruptible((follow) => facet.services.codes.file(request, follow));
  });
  printResult(options, result, () => [
    `${result.prompts} prompts, ${result.codes} codes; one row per prompt in ${result.outputPath}`,
  ]);
}

function show(options: CodesOptions): Promise<void> {
  if (options.prompts !== undefined) return codesOfFile(options.prompts, options);
  return options.prompt === undefined ? showOverview(options) : probe(options.prompt, options);
}

export function addCodesCommand(program: Command): void {
  program
    .command('codes')
    .description('which codes a run fires, for which prompts; with --prompt, for a text of yours')
    .requiredOption('-p, --project <file>', 'project file')
    .option('-r, --run <id>', 'run (default: the latest that ended)')
    .addOption(checkpointOption())
    .option('--top <n>', 'codes to show', '5')
    .option('--prompt <text>', 'show p(z|x) of this text instead')
    .option('--json', 'print the result as JSON')
    .option('--prompts <file>', 'write p(z|x) of every prompt of a file (JSON Lines, JSON or .txt) instead')
    .option('--to <file>', "with --prompts: where the rows go (default: the project's folder)")
    .action(show);
}
