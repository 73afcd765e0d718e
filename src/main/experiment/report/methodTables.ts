/** Tables of methods and of single cells. */
import type { Difference, MethodSummary } from '../compare.ts';
import { BUDGETS } from '../designs/fairBudgets.ts';
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

type Column = readonly [TableColumn, (row: MethodSummary) => Markup];

const tableOf = (caption: string, columns: readonly Column[], rows: readonly MethodSummary[]): Markup =>
  htmlTable(
    caption,
    columns.map(([column]) => column),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );

const factColumn = (fact: string): Column => [
  figures(fact, 'known without training'),
  ({ facts }) => {
    const value = facts[fact];
    return value === undefined ? NONE : text(typeof value === 'number' ? three(value) : value);
  },
];

/** Measured where nothing else ran on the cores, it is what a wall clock can't say on a shared machine. */
const PROCESSOR_TIME: Column = [
  figures(
    'processor time',
    'of all threads, a cell, from the warm start to the end; references and cached states, which methods share, come before',
  ),
  (row) => text(duration(row.processorSecondsPerCell)),
];

const plainly = (fact: number | string | undefined): string =>
  typeof fact === 'number' ? String(Number(fact.toFixed(3))) : (fact ?? '');

/** What the policy reaches, by the prior; facts that all rows share are in its caption. */
export function methodTable(group: string, base: string | null, rows: readonly MethodSummary[]): Markup {
  const compared = rows.some(({ difference }) => difference !== null);
  const facts = [...new Set(rows.flatMap((row) => Object.keys(row.facts)))];
  const shared = facts.filter((fact) => rows.every((row) => row.facts[fact] === rows[0]?.facts[fact]));
  const seeds = [...new Set(rows.flatMap((row) => row.seeds))];
  const caption = `${rows[0]?.testPairs ?? 0} test pairs, seeds ${seeds.join(', ')}${compared ? `; base ${base}` : ''}${shared.map((fact) => `; ${fact} ${plainly(rows[0]?.facts[fact])}`).join('')}`;
  const fair = BUDGETS.filter((budget) => rows.some((row) => row.fair[budget] !== null));
  const fairColumns =
    fair.length < 2
      ? []
      : fair.map(
          (budget): Column => [
            figures(`equal ${budget}`, `against ${base} with as much of it; same pairs, same seeds`),
            (row) => differenceCell(row.fair[budget]),
          ],
        );
  const difference: Column = [
    figures(`against ${base}`, 'same pairs, same seeds'),
    (row) => differenceCell(row.difference),
  ];
  return tableOf(
    `${group}: ${caption}`,
    [
      [{ head: 'method' }, (row) => text(row.method)],
      [{ head: 'seeds' }, (row) => text(row.seeds.join(', '))],
      ...facts.filter((fact) => !shared.includes(fact)).map(factColumn),
      [
        figures(
          'accuracy',
          'share of test pairs with a margin above 0; z, if any, without sight of the label',
        ),
        (row) => estimateCell(row.accuracy),
      ],
      ...(fairColumns.length > 0 ? fairColumns : compared ? [difference] : []),
      [figures('margin', 'mean over test pairs, β-scaled'), (row) => estimateCell(row.margin)],
      [
        figures('length r', 'correlation of margin and reply-length difference; range over seeds'),
        (row) => rangeCell(row.lengthCorrelation, 2),
      ],
      [figures('time per cell', 'wall time on its process'), (row) => text(duration(row.secondsPerCell))],
      PROCESSOR_TIME,
    ],
    rows,
  );
}

/** Every method of every group in one row each. */
export const allGroupsTable = (rows: readonly MethodSummary[]): Markup =>
  tableOf(
    'All groups; each has a section of its own below',
    [
      [{ head: 'group' }, (row) => text(row.group)],
      [{ head: 'method' }, (row) => text(row.method)],
      [{ head: 'seeds' }, (row) => text(row.seeds.join(', '))],
      [figures('accuracy', 'share of test pairs with a margin above 0'), (row) => estimateCell(row.accuracy)],
      [figures('against the base', 'same pairs, same seeds'), (row) => differenceCell(row.difference)],
      [figures('recovery', 'I(code; label) / H(label); range over seeds'), (row) => rangeCell(row.recovery)],
      [
        figures('causal recovery', 'by forcing each code; range over seeds'),
        (row) => rangeCell(row.causalRecovery),
      ],
      PROCESSOR_TIME,
    ],
    rows,
  );

/** What the latent does; null where no method has one. */
export function latentTable(group: string, rows: readonly MethodSummary[]): Markup | null {
  const latent = rows.filter(({ kl, codePerplexity }) => kl !== null || codePerplexity !== null);
  if (latent.length === 0) return null;
  return tableOf(
    `${group}: the latent. Posterior and swapped are shown the label, so neither is an accuracy of the policy`,
    [
      [{ head: 'method' }, (row) => text(row.method)],
      [figures('posterior', 'shown the label'), (row) => estimateCell(row.posteriorAccuracy)],
      [
        figures('swapped', 'shown the label the wrong way round: far below posterior is leakage'),
        (row) => estimateCell(row.swappedAccuracy),
      ],
      [figures('KL', 'KL(q‖p), nats per pair'), (row) => estimateCell(row.kl)],
      [
        figures('codes in use', 'strongest for a hundredth of the prompts or more; range over seeds'),
        (row) => rangeCell(row.codesInUse, 1),
      ],
      [
        figures('code perplexity', 'of the mean p(z|x); range over seeds'),
        (row) => rangeCell(row.codePerplexity, 1),
      ],
      [
        figures('prompt entropy', 'mean entropy of p(z|x), nats; range over seeds'),
        (row) => rangeCell(row.promptEntropy, 2),
      ],
      [
        figures('top share', 'largest share of all mass; range over seeds'),
        (row) => rangeCell(row.topCodeShare, 2),
      ],
      [
        figures('NMI', 'strongest code and label of the prompt; range over seeds'),
        (row) => rangeCell(row.nmi),
      ],
      [figures('recovery', 'I(code; label) / H(label); range over seeds'), (row) => rangeCell(row.recovery)],
      [
        figures(
          'causal recovery',
          'the group that the prompt’s code serves when it is forced, and the label; range over seeds',
        ),
        (row) => rangeCell(row.causalRecovery),
      ],
      [
        figures(
          'gain over one code',
          'the prior’s choice less the best single code for all; range over seeds',
        ),
        (row) => rangeCell(row.gainOverOneCode),
      ],
      [figures('first loss', 'ln 2 = 0.693 for DPO'), (row) => rangeCell(row.firstLoss)],
    ],
    latent,
  );
}

/** null where there is one label only. */
export function labelTable(group: string, rows: readonly MethodSummary[]): Markup | null {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.accuracyByLabel)))];
  if (labels.length < 2 || labels.length > 24) return null;
  return html`<details><summary>${text(group)}: accuracy by label of the prompt</summary>${htmlTable(
    'Accuracy, mean over seeds',
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
  const heads = [
    'training pairs',
    'test pairs',
    'accuracy',
    'posterior',
    'swapped',
    'KL',
    'codes in use',
    'NMI',
    'recovery',
    'causal recovery',
  ];
  const rows = results.map(
    ({ cell, figures: at, pairs, trainingPairs, engine, seconds, processorSeconds, contentKey }) => [
      text(cell.key),
      text(trainingPairs),
      text(pairs.length),
      text(three(at.accuracy)),
      optional(at.posteriorAccuracy),
      optional(at.swappedAccuracy),
      optional(at.kl),
      optional(at.codesInUse, 0),
      optional(at.nmi),
      optional(at.recovery),
      optional(at.causalRecovery),
      text(engine),
      text(duration(seconds)),
      text(duration(processorSeconds)),
      html`<code title="${text(contentKey)}">${text(contentKey.slice(0, 10))}</code>`,
    ],
  );
  const gone = failed.map(({ cell, failure }) => [
    text(cell.key),
    ...Array.from({ length: heads.length + 2 }, () => NONE),
    html`<span class="behind">failed</span>`,
    text(failure.message),
  ]);
  return htmlTable(
    'Every cell; its result is in the folder of results under its content key',
    [
      { head: 'cell' },
      ...heads.map((head) => ({ head, figures: true })),
      { head: 'engine' },
      { head: 'time', figures: true },
      { head: 'processor time', figures: true },
      { head: 'content key' },
    ],
    [...rows, ...gone],
  );
}
