import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { partsOf, VERDICTS, type Verdict } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import {
  ASPECT_ANSWERS,
  CONFIDENCE_RULES,
  MOST_CONFIDENCE,
  RATIONALE_RULES,
  STRENGTH_SCALES,
} from '#core/verdictAttributes.ts';
import type { AnnotationItem, HistoryEntry, Step } from '#shared/entities.ts';
import type { Facet } from '../app.ts';
import { Connection } from '../services/Connection.ts';
import { type AttributeOptions, attributesOf, verdictRules } from './labelAttributes.ts';
import { addScoreOpen, type OrderOptions, orderOf, withOrder } from './labelOrder.ts';
import { type OutputOptions, printResult } from './output.ts';
import { withProject } from './session.ts';

interface ProjectOptions extends OutputOptions {
  readonly project: string;
}
interface AnnotatorOptions extends ProjectOptions {
  readonly annotator: string;
}
interface PairOptions extends ProjectOptions {
  readonly pair: string;
}

const WHOLE_PROJECT = { filter: null, includeSkipped: false };
const LONGEST_NAME = 80;

function nameOf({ annotator }: AnnotatorOptions): string {
  const name = annotator.trim();
  if (name !== '' && name.length <= LONGEST_NAME) return name;
  throw new FacetError({
    code: 'cli.bad-name',
    message: `a name has 1 to ${LONGEST_NAME} characters`,
    fix: 'Give one: --annotator NAME',
  });
}

function pairOf({ pair }: PairOptions): number {
  const pairId = Number(pair);
  if (Number.isInteger(pairId)) return pairId;
  throw new FacetError({
    code: 'cli.bad-pair',
    message: `${pair} is not the number of a pair`,
    fix: 'Take one from `facet label next`.',
  });
}

function verdictOf(given: string): Verdict {
  const verdict = VERDICTS.find((known) => known === given);
  if (verdict !== undefined) return verdict;
  throw new FacetError({
    code: 'cli.bad-verdict',
    message: `${given} is not a verdict`,
    fix: `Give one of ${VERDICTS.join(', ')}; a is the pair's first stored reply.`,
  });
}

/** Somebody who labels by this command; a new name is taken on where `mayBeNew`. */
async function labelling<T>(
  options: AnnotatorOptions,
  mayBeNew: boolean,
  work: (facet: Facet, who: Connection, annotatorId: number) => Promise<T>,
): Promise<T> {
  const name = nameOf(options);
  return withProject(options.project, false, async (facet) => {
    const { annotate } = facet.services;
    const who = new Connection();
    const known = annotate.annotators(who).map((person) => person.name);
    if (!mayBeNew && !known.includes(name)) {
      throw new FacetError({
        code: 'annotate.unknown-annotator',
        message: `nobody labels in this project as ${name}`,
        fix: known.length === 0 ? 'Nobody has labelled in it yet.' : `So far: ${known.join(', ')}.`,
      });
    }
    const { id } = await annotate.identify(who, { name });
    return work(facet, who, id);
  });
}

/** A pair as it is shown to this annotator: which reply is on the left is drawn once. */
function shown({ pairId, source, aspect, messages, left, right, set, reason }: AnnotationItem) {
  const replies = set === null ? { left, right } : { replies: set.replies };
  return { pair: pairId, source, aspect, messages, ...replies, ...(reason !== null && { reason }) };
}

function pairLines({ pairId, source, messages, left, right, set, reason }: AnnotationItem): string[] {
  const turns = messages.map((message) => {
    const parts = partsOf(message);
    return `${message.role}: ${message.content}${parts === null ? '' : ` ${JSON.stringify(parts)}`}`;
  });
  return [
    `pair ${pairId} of ${source}${reason === null ? '' : `: ${reason}`}`,
    '',
    ...turns,
    '',
    ...(set === null
      ? [`left (${left.key}): ${left.text}`, '', `right (${right.key}): ${right.text}`]
      : set.replies.map(({ text }, place) => `reply ${place + 1}: ${text}`)),
  ];
}

async function next(options: AnnotatorOptions & OrderOptions): Promise<void> {
  const order = orderOf(options);
  const queue = await labelling(options, true, ({ services }, who) =>
    services.annotate.queue(who, { ...WHOLE_PROJECT, order, pairId: null }),
  );
  const { remaining, skipped } = queue;
  const item = queue.items[0];
  printResult(options, { ...(item ? shown(item) : { pair: null }), remaining, skipped }, () =>
    item ? pairLines(item) : [`nothing is left to decide; ${skipped} skipped`],
  );
}

async function decide(
  options: AnnotatorOptions & PairOptions & AttributeOptions & { verdict: string },
): Promise<void> {
  const pairId = pairOf(options);
  const verdict = verdictOf(options.verdict);
  const attributes = attributesOf(options);
  const { remaining, why } = await labelling(options, true, async ({ services }, who, annotatorId) => {
    const leftKey = await services.annotate.leftOf(who, pairId);
    const decision = { annotatorId, pairId, verdict, leftKey, attributes, durationMs: null };
    return services.annotate.decide(who, { ...WHOLE_PROJECT, ...decision, requestId: randomUUID() });
  });
  const wantsReason = why === pairId;
  printResult(options, { pair: pairId, verdict, remaining, ...(wantsReason && { wantsReason }) }, () => [
    `pair ${pairId}: ${verdict}; ${remaining} left`,
    ...(wantsReason ? ['others say otherwise: decide again with --rationale to say why'] : []),
  ]);
}

/** Ranks are given in the order in which `facet label next` lists the replies. */
async function rank(options: AnnotatorOptions & PairOptions & { ranks: string[] }): Promise<void> {
  const pairId = pairOf(options);
  const { remaining, ranks } = await labelling(options, true, async ({ services }, who, annotatorId) => {
    const [item] = (await services.annotate.queue(who, { ...WHOLE_PROJECT, pairId })).items;
    if (!item?.set) throw noSet(pairId);
    const { id: setId, replies } = item.set;
    if (options.ranks.length !== replies.length) throw badRanks(replies.length);
    const ranks = options.ranks.map((rank) => rankOf(rank, replies.length));
    const given = replies.map(({ id }, place) => [String(id), ranks[place] as number] as const);
    const ranking = { setId, ranks: Object.fromEntries(given) };
    const decision = {
      annotatorId,
      pairId,
      verdict: 'tie',
      leftKey: item.left.key,
      durationMs: null,
    } as const;
    const after = await services.annotate.decide(who, {
      ...{ ...WHOLE_PROJECT, ...decision, ranking, requestId: randomUUID() },
    });
    return { remaining: after.remaining, ranks };
  });
  printResult(options, { pair: pairId, ranks, remaining }, () => [
    `the replies of pair ${pairId}: ${ranks.join(' ')}; ${remaining} left`,
  ]);
}

function rankOf(given: string, most: number): number {
  const found = Number(given);
  if (Number.isInteger(found) && found >= 1 && found <= most) return found;
  throw badRanks(most);
}
const badRanks = (replies: number): FacetError =>
  new FacetError({
    code: 'cli.bad-ranks',
    message: `there are ${replies} replies to rank`,
    fix: `Give ${replies} numbers from 1, the best, in the order in which \`facet label next\` lists them; equal ones tie.`,
  });
const noSet = (pairId: number): FacetError =>
  new FacetError({
    code: 'cli.no-ranking',
    message: `the replies of pair ${pairId} are not ranked together with others`,
    fix: 'Decide it: facet label decide.',
  });

async function write(
  options: AnnotatorOptions & PairOptions & { text: string; over: 'a' | 'b' | 'both' },
): Promise<void> {
  const pairId = pairOf(options);
  const over: ('a' | 'b')[] = options.over === 'both' ? ['a', 'b'] : [options.over];
  const text = options.text === '-' ? readFileSync(0, 'utf8') : options.text;
  const { undo } = await labelling(options, true, ({ services }, who, annotatorId) =>
    services.annotate.write(who, {
      ...WHOLE_PROJECT,
      ...{ requestId: randomUUID(), annotatorId, pairId, text, over },
    }),
  );
  printResult(options, { pair: undo?.pairId, of: pairId, over: options.over }, () => [
    `a reply of its own, chosen over ${options.over === 'both' ? 'both' : `reply ${options.over}`} of pair ${pairId}: pair ${undo?.pairId}`,
  ]);
}

async function move(what: 'undo' | 'redo', options: AnnotatorOptions): Promise<void> {
  const step = await labelling(options, false, async ({ services }, who, annotatorId) => {
    const found = services.annotate.steps(who)[what];
    // 0 names no decision: the service says that there is none.
    await services.annotate[what](who, { ...WHOLE_PROJECT, annotatorId, step: found?.id ?? 0 });
    return found as Step;
  });
  const verdict = what === 'undo' ? step.otherwise : step.verdict;
  printResult(options, { pair: step.pairId, verdict }, () => [
    `pair ${step.pairId}: ${verdict ?? 'undecided'} now`,
  ]);
}

const entry = ({ annotator, action, decision, leftKey, durationMs, attributes, at }: HistoryEntry) => ({
  annotator,
  action,
  verdict: decision === 'retracted' ? null : decision,
  left: leftKey,
  durationMs,
  attributes,
  at,
});

async function show(options: PairOptions): Promise<void> {
  const pairId = pairOf(options);
  const found = await withProject(options.project, false, async ({ services }) =>
    services.annotate.verdicts(pairId),
  );
  const standing = Object.fromEntries(found.standing.map(({ annotator, verdict }) => [annotator, verdict]));
  const history = found.history.map(entry);
  printResult(options, { standing, history }, () => [
    ...found.standing.map(({ annotator, verdict }) => `${annotator}: ${verdict}`),
    ...(found.standing.length === 0 ? ['no verdict stands'] : []),
    ...history.map(
      ({ at, annotator, action, verdict }) => `  ${at} ${annotator} ${action} ${verdict ?? 'undecided'}`,
    ),
  ]);
}

export function addLabelCommand(program: Command): void {
  const label = program.command('label').description('label pairs without a window; --json prints one line');
  const command = (name: string, description: string) =>
    label
      .command(name)
      .description(description)
      .requiredOption('-p, --project <file>', 'project file')
      .option('--json', 'print the result as JSON');
  const byAnnotator = (name: string, description: string) =>
    command(name, description).requiredOption('-a, --annotator <name>', 'who labels');
  withOrder(byAnnotator('next', 'the next pair to decide, its replies on the sides that were drawn')).action(
    next,
  );
  addScoreOpen(command);
  byAnnotator('decide', 'give a verdict on a pair')
    .requiredOption('--pair <id>', 'number of the pair')
    .requiredOption('--verdict <verdict>', `${VERDICTS.join(', ')}; a is the pair's first stored reply`)
    .option('--strength <number>', 'how much better the preferred reply is, from 1')
    .option('--aspect <name=answer...>', `an aspect: ${ASPECT_ANSWERS.join(', ')}`)
    .option('--confidence <number>', `how sure, 1 to ${MOST_CONFIDENCE}`)
    .option('--rationale <text>', 'why')
    .option('--flag <reason>', 'why the pair wants attention')
    .action(decide);
  byAnnotator('rank', 'put three or more replies to one prompt in order')
    .requiredOption('--pair <id>', 'number of a pair of them, as `next` names it')
    .requiredOption(
      '--ranks <ranks...>',
      'a number for each reply in the order of `next`: 1 is the best, equal ones tie',
    )
    .action(rank);
  byAnnotator('write', 'store a reply of your own, chosen over one of a pair or over both')
    .requiredOption('--pair <id>', 'number of the pair')
    .requiredOption('--text <text>', 'the reply; - reads standard input')
    .addOption(
      new Option('--over <reply>', 'which reply it is better than: edited from a or b, or better than both')
        .choices(['a', 'b', 'both'])
        .default('both'),
    )
    .action(write);
  command('rules', 'what the project asks of a verdict; options change it')
    .option('--strength <scale>', Object.keys(STRENGTH_SCALES).join(', '))
    .option('--aspect <name...>', 'the aspects; an exclamation mark after a name requires it, "" clears them')
    .option('--confidence <rule>', CONFIDENCE_RULES.join(', '))
    .option('--rationale <rule>', RATIONALE_RULES.join(', '))
    .action(verdictRules);
  byAnnotator('undo', 'take back the latest decision; says what stands on its pair now').action(
    (options: AnnotatorOptions) => move('undo', options),
  );
  byAnnotator('redo', 'decide again what was taken back last').action((options: AnnotatorOptions) =>
    move('redo', options),
  );
  command('show', 'the verdicts on a pair and how they came about')
    .requiredOption('--pair <id>', 'number of the pair')
    .action(show);
}
