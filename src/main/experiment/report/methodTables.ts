/** Tables of methods and of single cells. */
import type { Difference, MethodSummary } from '../compare.ts';
import type { CellResult, FailedCell } from '../types.ts';
import { duration, estimateCell, NONE, rangeCell, signed, three } from './figuresText.ts';
import { html, htmlTable, type Markup, type TableColumn, text } from './html.ts';

const figures = (head: string, title: string): TableColumn => ({ head, title, figures: true });

/** What an interval of a difference says, and no more. */
export function verdict({ low, high }: Difference): 'ahead' | 'behind' | 'no difference shown' {
  if (low > 0) return 'ahead';
  return high < 0 ? 'behind' : 'no difference shown';
}

function differenceCell(difference: Difference | null): Markup {
  if (!difference) return NONE;
  const found = verdict(difference);
  return html`${estimateCell(difference, signed)}<span class="interval ${found === 'no difference shown' ? '' : found}">${text(found)}</span>`;
}

export function methodTable(group: string, base: string | null, rows: readonly MethodSummary[]): Markup {
  const first = rows[0]!;
  const withCodes = rows.some(({ codePerplexity }) => codePerplexity !== null);
  const withPosterior = rows.some(({ posteriorAccuracy }) => posteriorAccuracy !== null);
  const withDifference = rows.some(({ difference }) => difference !== null);
  const facts = [...new Set(rows.flatMap((row) => Object.keys(row.facts)))];
  type Column = readonly [TableColumn, (row: MethodSummary) => Markup];
  const columns: readonly Column[] = [
    [{ head: 'method' }, (row) => text(row.method)],
    ...facts.map(
      (fact): Column => [
        figures(fact, 'known without training'),
        ({ facts: known }) => {
          const value = known[fact];
          return value === undefined ? NONE : text(typeof value === 'number' ? three(value) : value);
        },
      ],
    ),
    [
      figures('prior accuracy', 'share of test pairs with a margin above 0, z from the prompt alone'),
      (row) => estimateCell(row.accuracy),
    ],
    ...(withDifference
      ? [
          [
            figures(`against ${base}`, 'same pairs, same seeds'),
            (row) => differenceCell(row.difference),
          ] as Column,
        ]
      : []),
    ...(withPosterior
      ? ([
          [
            figures('posterior', 'shown the label: no accuracy of the policy'),
            (row) => estimateCell(row.posteriorAccuracy),
          ],
          [
            figures('swapped', 'shown the label the wrong way round: far below posterior is leakage'),
            (row) => estimateCell(row.swappedAccuracy),
          ],
          [figures('KL', 'KL(q‖p), nats a pair'), (row) => estimateCell(row.kl)],
        ] as readonly Column[])
      : []),
    ...(withCodes
      ? ([
          [
            figures('codes in use', 'perplexity of the mean p(z|x); spread over seeds'),
            (row) => rangeCell(row.codePerplexity, 1),
          ],
          [
            figures('NMI', 'strongest code and label of the prompt; spread over seeds'),
            (row) => rangeCell(row.nmi),
          ],
          [
            figures('recovery', 'I(code; label) / H(label); spread over seeds'),
            (row) => rangeCell(row.recovery),
          ],
        ] as readonly Column[])
      : []),
    [figures('margin', 'mean over test pairs, β-scaled'), (row) => estimateCell(row.margin)],
    [
      figures('length r', 'correlation of margin and reply-length difference; spread over seeds'),
      (row) => rangeCell(row.lengthCorrelation, 2),
    ],
    [figures('a cell', 'wall time on its process'), (row) => text(duration(row.secondsPerCell))],
  ];
  const seeds = [...new Set(rows.flatMap((row) => row.seeds))];
  const caption = `${group}: ${first.testPairs} test pairs, seeds ${seeds.join(', ')}${base && rows.length > 1 ? `; base ${base}` : ''}`;
  return htmlTable(
    caption,
    columns.map(([column]) => column),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );
}

/** null where there is one label only. */
export function labelTable(group: string, rows: readonly MethodSummary[]): Markup | null {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.accuracyByLabel)))];
  if (labels.length < 2 || labels.length > 24) return null;
  return html`<details><summary>${text(group)}: accuracy by label of the prompt</summary>${htmlTable(
    'Prior accuracy, mean over seeds',
    [{ head: 'label' }, ...rows.map(({ method }) => ({ head: method, figures: true }))],
    labels.map((label) => [
      text(label),
      ...rows.map(({ accuracyByLabel }) => {
        const value = accuracyByLabel[label];
        return value === undefined ? NONE : text(three(value));
      }),
    ]),
  )}</details>`;
}

export function cellTable(results: readonly CellResult[], failed: readonly FailedCell[]): Markup {
  const optional = (value: number | null, digits = 3): Markup =>
    value === null ? NONE : text(value.toFixed(digits));
  const rows = results.map(({ cell, figures: at, pairs, trainingPairs, engine, seconds, contentKey }) => [
    text(cell.key),
    text(trainingPairs),
    text(pairs.length),
    text(three(at.accuracy)),
    optional(at.posteriorAccuracy),
    optional(at.swappedAccuracy),
    optional(at.kl),
    optional(at.codePerplexity, 1),
    optional(at.nmi),
    optional(at.recovery),
    text(engine),
    text(duration(seconds)),
    html`<code title="${text(contentKey)}">${text(contentKey.slice(0, 10))}</code>`,
  ]);
  const gone = failed.map(({ cell, failure }) => [
    text(cell.key),
    ...Array.from({ length: 10 }, () => NONE),
    html`<span class="behind">failed</span>`,
    text(failure.message),
  ]);
  const heads = [
    'training pairs',
    'test pairs',
    'prior accuracy',
    'posterior',
    'swapped',
    'KL',
    'codes in use',
    'NMI',
    'recovery',
  ];
  return htmlTable(
    'Every cell; its result is in the folder of results under its content key',
    [
      { head: 'cell' },
      ...heads.map((head) => ({ head, figures: true })),
      { head: 'engine' },
      { head: 'time', figures: true },
      { head: 'content key' },
    ],
    [...rows, ...gone],
  );
}
