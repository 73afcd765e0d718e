import { type Command, InvalidArgumentError } from 'commander';
import { type DuplicateGroup, duplicateThresholdSchema } from '#shared/dataEntities.ts';
import { DUPLICATE_KINDS, type DuplicateKind } from '#shared/library.ts';
import { type OutputOptions, percent, printResult } from './output.ts';
import { withProject } from './session.ts';
import { wholePass } from './wholePass.ts';

interface Options extends OutputOptions {
  readonly project: string;
  readonly threshold: number;
}
interface DuplicatesOptions extends Options {
  readonly groups: number;
}
interface LeakageOptions extends Options {
  readonly run: number;
}

/** What the contract takes, asked of one answer. */
const MOST_GROUPS = 200;

function threshold(text: string): number {
  const parsed = duplicateThresholdSchema.safeParse(Number(text));
  if (text.trim() !== '' && parsed.success) return parsed.data;
  throw new InvalidArgumentError('A share from 0.3 to 1.');
}
const wholeUpTo =
  (most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    throw new InvalidArgumentError(`A whole number up to ${most}.`);
  };

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 100);

function groupLines(kind: DuplicateKind, groups: readonly DuplicateGroup[]): string[] {
  return groups.flatMap(({ size, members }) => [
    `  ${size} ${kind}:`,
    ...members.map(
      ({ itemId, similarity, text }) => `    ${itemId} (${similarity.toFixed(2)}) ${oneLine(text)}`,
    ),
  ]);
}

async function duplicates(options: DuplicatesOptions): Promise<void> {
  const { project, threshold: share, groups: shown } = options;
  const result = await withProject(project, false, async ({ services: { data } }) => {
    const summary = await wholePass('near-duplicates', (signal) => data.searchDuplicates(share, signal));
    const groups = await Promise.all(
      DUPLICATE_KINDS.map(async (kind) => [kind, await data.duplicateGroups(kind, 0, shown)] as const),
    );
    return { ...summary, groups: Object.fromEntries(groups) as Record<DuplicateKind, DuplicateGroup[]> };
  });
  printResult(options, result, () => [
    `${result.pairs} pairs; alike: ${percent(share)} of windows of five characters in common, or more`,
    ...DUPLICATE_KINDS.flatMap((kind) => [
      `${kind}: ${result.counts[kind].members} in ${result.counts[kind].groups} groups`,
      ...groupLines(kind, result.groups[kind]),
    ]),
  ]);
}

async function leakage(options: LeakageOptions): Promise<void> {
  const { project, run: runId, threshold: share } = options;
  const result = await withProject(project, false, ({ services: { data } }) =>
    wholePass('leakage', (signal) => data.leakage({ runId, threshold: share }, signal)),
  );
  const { heldOut, leaking, examples } = result;
  printResult(options, result, () => [
    `${leaking.prompts} of ${heldOut.prompts} held-out prompts (${leaking.pairs} of ${heldOut.pairs} pairs) are near-duplicates of prompts that the run trains on`,
    ...examples.map(
      ({ similarity, text, like }) => `  ${similarity.toFixed(2)} ${oneLine(text)}\n       ${oneLine(like)}`,
    ),
  ]);
}

export function addDataDuplicates(data: Command): void {
  const command = (name: string, description: string): Command =>
    data
      .command(name)
      .description(description)
      .requiredOption('-p, --project <file>', 'project file')
      .option('--threshold <share>', 'least share of windows of five characters in common', threshold, 0.8)
      .option('--json', 'print the result as JSON');
  command(
    'duplicates',
    'find near-duplicate prompts, replies and pairs, and keep what was found in the project',
  )
    .option('--groups <number>', 'largest groups of each kind that are shown', wholeUpTo(MOST_GROUPS), 20)
    .action(duplicates);
  command('leakage', 'held-out prompts of a run that are near-duplicates of what it trains on')
    .requiredOption('--run <id>', 'the run', wholeUpTo(Number.MAX_SAFE_INTEGER))
    .action(leakage);
}
