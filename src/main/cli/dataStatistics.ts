import type { Command } from 'commander';
import type { Counted, DataStatistics, Share } from '#shared/dataEntities.ts';
import { type OutputOptions, percent, printResult, table } from './output.ts';
import { withProject } from './session.ts';
import { wholePass } from './wholePass.ts';

interface Options extends OutputOptions {
  readonly project: string;
}

const inWords = ({ share, low, high, of }: Share, what: string): string =>
  share === null
    ? `none of ${what}`
    : `${percent(share)} (95 % interval ${percent(low)} to ${percent(high)}) of ${of} ${what}`;
const counts = (list: readonly Counted[]): string =>
  list.length === 0 ? 'none' : list.map(({ name, count }) => `${name} ${count}`).join(', ');

function lines(figures: DataStatistics): string[] {
  const { pairs, prompts, progress, agreement, people, days, languages } = figures;
  const { compared, same, alpha } = agreement;
  const labelled = people.map(({ name, decided, skipped, medianMs, left, likeOthers }) => [
    name,
    `${decided} decided, ${skipped} skipped`,
    medianMs === null ? '' : `${(medianMs / 1000).toFixed(1)} s`,
    left.share === null ? '' : `left ${percent(left.share)}`,
    likeOthers.share === null ? '' : `like the others ${percent(likeOthers.share)}`,
  ]);
  return [
    `${pairs} pairs on ${prompts} prompts: ${progress.byPeople} decided by people, ${progress.byFiles} labelled by files alone, ${progress.skipped} only skipped, ${progress.open} open`,
    `verdicts: ${counts(figures.verdicts)}`,
    compared === 0
      ? 'agreement: no pair has labels of two people'
      : `agreement: ${percent(same / compared)} of ${compared} comparisons are the same${alpha === null ? '' : `, Krippendorff’s alpha ${alpha.toFixed(3)}`}`,
    `the longer reply is preferred in ${inWords(figures.longer, 'preferences between replies of unequal length')}`,
    `the left reply is preferred in ${inWords(figures.left, 'preferences whose sides are known')}`,
    `sources: ${counts(figures.sources)}`,
    `aspects: ${counts(figures.aspects)}`,
    `languages of ${languages.prompts} prompts: ${counts(languages.list)}`,
    ...(people.length > 0 ? ['people:', ...table(labelled).map((row) => `  ${row}`)] : []),
    ...(days.length > 0
      ? ['by day:', ...table(days.map(({ day, annotator, count }) => [`  ${day}`, annotator, String(count)]))]
      : []),
  ];
}

export function addDataStatistics(data: Command): void {
  data
    .command('stats')
    .description('what a project holds and how it is labelled')
    .requiredOption('-p, --project <file>', 'project file')
    .option('--json', 'print the figures as JSON')
    .action(async (options: Options) => {
      const figures = await withProject(options.project, false, ({ services }) =>
        wholePass('statistics', (signal) => services.data.statistics(signal)),
      );
      printResult(options, figures, () => lines(figures));
    });
}
