/** The demo's figures in words and columns. */
import { causesLines } from './causesLines.ts';
import type { CodeFigures, DemoFigures, MethodFigures } from './demoFigures.ts';

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
const three = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const oneLine = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ');
  const [head, ...body] = rows.map(line);
  return [head!, '─'.repeat(head!.length), ...body];
}

const methodRow = (figures: MethodFigures): string[] => [
  figures.method,
  `${figures.accuracy.toFixed(3)} (${figures.accuracyInterval.low.toFixed(3)}–${figures.accuracyInterval.high.toFixed(3)})`,
  three(figures.margin),
  three(figures.kl),
  figures.codePerplexity === null ? '–' : figures.codePerplexity.toFixed(2),
  three(figures.nmiSource),
  `${figures.seconds.toFixed(0)} s`,
];

function codeLines(figures: CodeFigures): string[] {
  const sources = figures.sources
    .filter(({ share }) => share >= 0.01)
    .slice(0, 4)
    .map(({ source, share }) => `${source} ${percent(share)}`)
    .join(', ');
  const words = figures.keywords.length > 0 ? ` · ${figures.keywords.slice(0, 5).join(', ')}` : '';
  return [
    `  code ${figures.code}: ${percent(figures.share)} of the mass, strongest for ${figures.prompts} prompts${words}`,
    `    sources: ${sources}`,
    ...figures.topPrompts.map(
      ({ text, source, weight }) => `    ${weight.toFixed(2)}  ${oneLine(text, 76)}  [${source}]`,
    ),
  ];
}

/** What the two accuracies say about each other, no more than the intervals allow. */
function comparison([plain, latent]: readonly MethodFigures[]): string {
  const apart =
    latent!.accuracyInterval.low > plain!.accuracyInterval.high ||
    plain!.accuracyInterval.low > latent!.accuracyInterval.high;
  if (!apart) return 'The intervals overlap: this run shows no difference in accuracy between the two.';
  const better = latent!.accuracy > plain!.accuracy ? latent! : plain!;
  return `${better.method} is ahead beyond the intervals, on this data and seed.`;
}

function codesVerdict(figures: DemoFigures): string[] {
  if (figures.warning)
    return [
      figures.warning,
      ...(figures.sources < 2
        ? [
            'With one source there may be only one preference, and then a single code is all there is to find.',
          ]
        : []),
    ];
  if (figures.sources < 2)
    return ['The codes are in use. There is only one source, so what they found can’t be compared with it.'];
  const found =
    figures.nmiAllPrompts >= 0.5
      ? 'The codes follow the sources'
      : figures.nmiAllPrompts >= 0.2
        ? 'The codes follow the sources in part'
        : 'The codes are in use but hardly follow the sources';
  return [`${found}: NMI(code; source) ${figures.nmiAllPrompts.toFixed(3)} over all prompts.`];
}

/** Posterior figures, which know the label: said apart from the table so that nobody reads them as accuracy. */
function leakage(latent: MethodFigures): string[] {
  if (latent.posteriorAccuracy === null || latent.swappedAccuracy === null) return [];
  const given = latent.posteriorAccuracy.toFixed(3);
  const swapped = latent.swappedAccuracy.toFixed(3);
  const leaks = latent.posteriorAccuracy - latent.swappedAccuracy > 0.2;
  return [
    `The posterior, which is shown the label, scores ${given} on pairs as given and ${swapped} on swapped ones${
      leaks ? ': it reads the label, so only the prior’s accuracy counts.' : '.'
    }`,
  ];
}

/** A bootstrap of equal values has no width; the rule of three bounds the error rate at 95 % instead. */
function certainty(methods: readonly MethodFigures[]): string[] {
  const perfect = methods.filter(({ accuracy }) => accuracy === 1);
  if (perfect.length === 0) return [];
  const bound = percent(Math.min(1, 3 / perfect[0]!.heldOutPairs));
  return [
    `Where no pair is wrong the bootstrap has no width: up to ${bound} of errors are not ruled out (95 %).`,
  ];
}

export function demoReport(figures: DemoFigures): string {
  const [, latent] = figures.methods;
  return [
    `${figures.pairs} pairs over ${figures.prompts} prompts from ${figures.sources} ${figures.sources === 1 ? 'source' : 'sources'} (${figures.data})`,
    `model ${figures.model} · ${figures.steps} steps · seed ${figures.seed} · engine ${latent!.engine}`,
    '',
    ...table([
      ['', 'accuracy (95 %)', 'margin', 'KL', 'code perplexity', 'NMI(code; source)', 'time'],
      ...figures.methods.map(methodRow),
    ]),
    `on ${latent!.heldOutPairs} held-out pairs, whose prompts were never trained on`,
    ...(figures.headsFirstSteps > 0
      ? [
          `LPC-DPO trained heads and codebook alone for its first ${figures.headsFirstSteps} steps, so its backbone trained for that many fewer.`,
        ]
      : []),
    '',
    comparison(figures.methods),
    ...certainty(figures.methods),
    ...leakage(latent!),
    '',
    `Codes (${figures.codes}, perplexity ${figures.perplexity.toFixed(2)} over all prompts)`,
    ...codesVerdict(figures),
    ...causesLines(figures.causes),
    ...figures.strongest.flatMap(codeLines),
    '',
    `done in ${figures.seconds.toFixed(0)} s`,
  ].join('\n');
}
