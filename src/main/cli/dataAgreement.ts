import { type Command, Option } from 'commander';
import { FacetError } from '#core/result.ts';
import {
  type AgreementReport,
  type AgreementRow,
  agreementAskSchema,
  RATER_CHOICES,
  type RaterChoice,
} from '#shared/agreementEntities.ts';
import type { Share } from '#shared/dataEntities.ts';
import { type OutputOptions, percent, printResult, table } from './output.ts';
import { withProject } from './session.ts';
import { wholePass } from './wholePass.ts';

interface Options extends OutputOptions {
  readonly project: string;
  readonly raters: RaterChoice;
  readonly run?: string;
  readonly seed: string;
}

const HEAD = ['', 'pairs', 'same', 'Cohen κ', 'Fleiss κ', 'α', 'α ordinal', 'AC1'];
const inWords = ({ value, low, high }: AgreementRow['raw']): string => {
  if (value === null) return '·';
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
};
const cells = ({ name, items, raw, cohen, fleiss, alpha, ordinal, ac1 }: AgreementRow): string[] => [
  name,
  String(items),
  ...[raw, cohen, fleiss, alpha, ordinal, ac1].map(inWords),
];
const shareWords = (what: string, { share, low, high, of }: Share): string =>
  share === null ? '' : `${what} ${percent(share)} of ${of} (${percent(low)} to ${percent(high)})`;

function lines(report: AgreementReport): string[] {
  const { raters, overall, asked, aspects, sources, couples, again, codes, consensus, people, resamples } =
    report;
  const part = (title: string, rows: readonly AgreementRow[] | null): string[] =>
    rows === null || rows.length === 0
      ? []
      : [`${title}:`, ...table([HEAD, ...rows.map(cells)]).map((row) => `  ${row}`)];
  return [
    `${raters.length} raters; ${overall.items} pairs with labels of two or more; 95 % intervals over pairs, ${resamples} resamples`,
    ...part('overall', [overall]),
    ...part('aspects asked', asked),
    ...part('aspects of the file', aspects),
    ...part('sources', sources),
    ...part('two by two', couples),
    ...part('each with themselves', again),
    ...part('codes', codes),
    `consensus (Dawid–Skene): ${consensus.items} pairs, ${consensus.sure} with a probability of 0.95 or more, ${consensus.againstMost} against most`,
    'people:',
    ...table(
      people.map(({ name, decided, left, longer, likeOthers, reliability }) => [
        `  ${name}`,
        `${decided} decided`,
        shareWords('left', left),
        shareWords('longer', longer),
        shareWords('like the others', likeOthers),
        shareWords('right by consensus', reliability),
      ]),
    ),
  ];
}

function numberOf(name: string, given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new FacetError({
    code: 'cli.bad-number',
    message: `--${name} ${given} is not a whole number from 0`,
    fix: `Give one: --${name} 1`,
  });
}

export function addDataAgreement(data: Command): void {
  data
    .command('agreement')
    .description('how far people agree, with intervals; how often each prefers the left or the longer reply')
    .requiredOption('-p, --project <file>', 'project file')
    .addOption(
      new Option('--raters <who>', 'people here, those whom files name, or all')
        .choices(RATER_CHOICES)
        .default('people'),
    )
    .option('--run <id>', 'the run whose codes group the pairs')
    .option('--seed <number>', 'of the intervals', '0')
    .option('--json', 'print the figures as JSON')
    .action(async (options: Options) => {
      const ask = agreementAskSchema.parse({
        raters: options.raters,
        runId: options.run === undefined ? null : numberOf('run', options.run),
        seed: numberOf('seed', options.seed),
      });
      const report = await withProject(options.project, false, ({ services }) =>
        wholePass('agreement', (signal) => services.data.agreement(ask, signal)),
      );
      printResult(options, report, () => lines(report));
    });
}
