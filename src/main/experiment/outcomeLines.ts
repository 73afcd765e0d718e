/** An outcome as text for the terminal. */
import { failureLine, table } from '../cli/output.ts';
import type { Estimate, MethodSummary, SeedRange } from './compare.ts';
import type { ExperimentOutcome } from './outcome.ts';
import { AUDIT_HEAD, auditCells } from './report/auditsTable.ts';
import { signed, three } from './report/figuresText.ts';
import { summariseAudits } from './runAudits.ts';
import type { FittedCandidates } from './types.ts';

const estimateText = ({ mean, low, high }: Estimate): string =>
  `${three(mean)} (${three(low)}–${three(high)})`;
const rangeText = (range: SeedRange | null, digits: number): string =>
  range === null ? '–' : range.mean.toFixed(digits);

function row(summary: MethodSummary): string[] {
  const { difference } = summary;
  return [
    summary.method,
    summary.seeds.join(','),
    estimateText(summary.accuracy),
    difference ? `${signed(difference.mean)} (${signed(difference.low)} … ${signed(difference.high)})` : '–',
    summary.posteriorAccuracy ? three(summary.posteriorAccuracy.mean) : '–',
    summary.swappedAccuracy ? three(summary.swappedAccuracy.mean) : '–',
    summary.kl ? three(summary.kl.mean) : '–',
    rangeText(summary.codesInUse, 1),
    rangeText(summary.nmi, 3),
    rangeText(summary.recovery, 3),
    rangeText(summary.causalRecovery, 3),
    `${summary.secondsPerCell.toFixed(0)} s`,
    `${summary.processorSecondsPerCell.toFixed(0)} s`,
  ];
}

const HEAD = [
  'method',
  'seeds',
  'accuracy (95 %)',
  'against base (95 %)',
  'posterior',
  'swapped',
  'KL',
  'codes used',
  'NMI',
  'recovery',
  'causal',
  'time per cell',
  'processor time',
];

function candidateRows({ candidates }: FittedCandidates): string[][] {
  return candidates.map(({ name, accuracy, accuracyBySplit, loss, recovery, codesInUse, seconds }) => [
    name,
    `${three(accuracy)} (${three(Math.min(...accuracyBySplit))}–${three(Math.max(...accuracyBySplit))})`,
    three(loss),
    three(recovery),
    codesInUse.toFixed(1),
    `${seconds.toFixed(1)} s`,
  ]);
}
const CANDIDATE_HEAD = ['candidate', 'accuracy (splits)', 'loss', 'recovery', 'codes used', 'time per fit'];

export function outcomeLines({
  design,
  summaries,
  fits,
  audits,
  failed,
  about,
}: ExperimentOutcome): string[] {
  const groups = Map.groupBy(summaries, ({ group }) => group);
  return [
    `${design.title} · ${about.data}, ${about.model}, seeds ${about.seeds.join(', ')}`,
    ...(design.paper ? [`The paper: ${design.paper.says} ${design.paper.differs}`] : []),
    ...[...groups].flatMap(([group, rows]) => [
      '',
      `${group} · ${rows[0]?.testPairs ?? 0} test pairs${rows.length > 1 && design.baseOf(group) ? ` · base: ${design.baseOf(group)}` : ''}`,
      ...table([HEAD, ...rows.map(row)]),
    ]),
    ...fits.flatMap((fitted) => [
      '',
      `${fitted.group} · ${fitted.pairs} pairs, a quarter of the prompts set aside, ${fitted.splits} splits, ${fitted.iterations} iterations each`,
      ...table([CANDIDATE_HEAD, ...candidateRows(fitted)]),
    ]),
    ...[...Map.groupBy(summariseAudits(audits), ({ group }) => group)].flatMap(([group, rows]) => [
      '',
      `${group} · ${rows[0]?.wrong ?? 0} wrong of ${rows[0]?.pairs ?? 0} labels`,
      ...table([AUDIT_HEAD, ...rows.map(auditCells)]),
    ]),
    '',
    'Accuracy is measured on pairs whose prompts were not trained on; where there is a posterior, it is the prior’s. Posterior and swapped see the label.',
    ...(about.missing > 0
      ? [`${about.missing} cells were not computed yet; the same command without --stored computes them.`]
      : []),
    ...failed.map(({ cell, failure }) => `failed: ${cell.key}: ${failureLine(failure)}`),
  ];
}
