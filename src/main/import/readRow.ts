/** One row of a file as pairs and singles, or why not. Pure. */
import type { ImportRules } from '#shared/importEntities.ts';
import { plainName } from './fields.ts';
import { plainPair } from './plainPair.ts';
import { Row } from './Row.ts';
import { shown } from './read/people.ts';
import { argilla } from './shapes/argilla.ts';
import { argillaFlat } from './shapes/argillaFlat.ts';
import { chosenRejected, opposedWords } from './shapes/chosenRejected.ts';
import { facet } from './shapes/facet.ts';
import { labelStudio, labelStudioMin } from './shapes/labelStudio.ts';
import { labelStudioRanker } from './shapes/labelStudioRanker.ts';
import { manyNamed } from './shapes/manyNamed.ts';
import { oasst } from './shapes/oasst.ts';
import { openai } from './shapes/openai.ts';
import { potato } from './shapes/potato.ts';
import { prodigyChoice, prodigyCompare } from './shapes/prodigy.ts';
import { rankedReplies } from './shapes/rankedReplies.ts';
import type { Shape } from './shapes/Shape.ts';
import { singles, unclearLabel } from './shapes/singles.ts';
import { twoReplies } from './shapes/twoReplies.ts';
import { type ImportedVerdict, isObject, isText, kindOf, type RowOutcome, UnreadableRow } from './types.ts';

/** The more a shape asks for, the earlier it stands; the first that matches reads the row. */
const SHAPES: readonly Shape[] = [
  facet,
  oasst,
  openai,
  argilla,
  argillaFlat,
  labelStudio,
  labelStudioRanker,
  labelStudioMin,
  potato,
  prodigyChoice,
  prodigyCompare,
  chosenRejected,
  twoReplies,
  manyNamed,
  rankedReplies,
  opposedWords,
  singles,
];

/** What servers write when they refuse a file. */
const ANSWERS = new Set([
  'error',
  'errors',
  'message',
  'detail',
  'status',
  'statuscode',
  'code',
  'type',
  'path',
]);

function unknownShape(row: Row): UnreadableRow {
  const fields = Object.keys(row.value).slice(0, 8).join(', ');
  const failure = row.at('error') ?? row.at('detail') ?? row.at('message');
  if (
    failure &&
    isText(failure.value) &&
    Object.keys(row.value).every((name) => ANSWERS.has(plainName(name)))
  )
    return new UnreadableRow(
      failure.field,
      `is an error that a server sent in place of the data: ${failure.value.slice(0, 120)}; download the file again, signed in where its page asks for it`,
    );
  if (isObject(row.at('label')?.value) && Array.isArray(row.at('label.steps')?.value))
    return new UnreadableRow(
      'label',
      'rates the steps of one solution (PRM800K); a pair needs two replies to choose between',
    );
  if (row.has('message_id', 'text', 'role') && Object.hasOwn(row.value, 'parent_id'))
    return new UnreadableRow(
      null,
      'is one message of a tree, and its rank says nothing alone; import the file of whole trees (….trees.jsonl), whose rows hold a prompt with its replies',
    );
  const label = unclearLabel(row);
  const holdsReply = row.has('response') || row.has('completion') || row.has('output');
  if (label && row.knows('prompt', 'messages') && holdsReply)
    return new UnreadableRow(
      label.field,
      `is ${shown(label.value)}, which says neither yes nor no to the one reply; say what its values mean: --map a=FIELD,verdict=${label.field} --verdicts VALUE=a,VALUE=b`,
    );
  if (row.knows('prompt', 'messages') && (row.has('response') || row.has('completion') || row.has('output')))
    return new UnreadableRow(
      null,
      row.has('helpfulness') || row.has('score') || row.has('rating')
        ? `holds one reply with its score (${fields}); put the rows of a prompt together, or write its replies as one row: {"prompt": …, "responses": [A, B], "scores": [4, 2]}`
        : `holds one reply (${fields}), and nothing that says yes or no to it; a pair needs a second reply to the same prompt`,
    );
  return new UnreadableRow(
    null,
    fields === ''
      ? 'has no fields'
      : `holds no pair that is known by its fields (${fields}); say which field is which part, by Fields in the dialog or by --map`,
  );
}

/** The name that the reading deserves: families of tools share one reader. */
function shapeName(shape: Shape, row: Row): string {
  if (shape !== chosenRejected && shape !== opposedWords) return shape.name;
  const prompt = row.readings.find(({ part }) => part === 'prompt');
  if (prompt && /^conversations$/i.test(prompt.field)) return 'sharegpt';
  return prompt ? shape.name : row.readsDialogues() ? 'hh-dialogue' : shape.name;
}

const hasRules = (rules: ImportRules): boolean => Object.values(rules).some((rule) => rule !== undefined);

/** Where a person says which fields the replies are, that decides. */
function mappedShape(row: Row): Shape | null {
  const { map } = row.rules;
  const mustHave = (...parts: (keyof NonNullable<typeof map>)[]): void => {
    for (const part of parts) {
      const field = map?.[part];
      if (field && !row.at(field)) throw new UnreadableRow(field, 'is missing');
    }
  };
  if (map?.replyA && map.replyB) {
    mustHave('replyA', 'replyB');
    return twoReplies;
  }
  if (map?.chosen && map.rejected) return chosenRejected;
  if (map?.replies) {
    mustHave('replies');
    return rankedReplies;
  }
  if (!map?.replyA || !map.verdict) return null;
  mustHave('replyA');
  return singles;
}

/** One verdict a person. Two that differ contradict one another. */
function oneEach(row: Row, verdicts: readonly ImportedVerdict[]): readonly ImportedVerdict[] {
  if (verdicts.length < 2) return verdicts;
  const known = new Map<string | null, ImportedVerdict>();
  for (const said of verdicts) {
    const before = known.get(said.annotator);
    if (before && before.verdict !== said.verdict)
      throw new UnreadableRow(
        row.readings.find(({ part }) => part === 'verdict')?.field ?? null,
        `holds two verdicts of ${said.annotator ?? 'nobody in particular'} that contradict one another; keep one of them, or name who gave each`,
      );
    if (!before) known.set(said.annotator, said);
  }
  return [...known.values()];
}

function readByShape(row: Row): RowOutcome {
  const shape = mappedShape(row) ?? SHAPES.find((known) => known.matches(row));
  if (!shape) throw unknownShape(row);
  const items = shape
    .read(row)
    .map((item) => (item.kind === 'pair' ? { ...item, verdicts: oneEach(row, item.verdicts) } : item));
  return { ok: true, shape: shapeName(shape, row), items, readings: row.readings };
}

export function readRow(value: unknown, rules: ImportRules = {}): RowOutcome {
  try {
    if (!isObject(value)) {
      if (typeof value === 'string' && /^\s*[{[]/.test(value))
        throw new UnreadableRow(null, 'is a text that holds JSON; write the object itself');
      throw new UnreadableRow(null, `is ${kindOf(value)}, not an object`);
    }
    const plain = hasRules(rules) ? null : plainPair(value);
    return plain ?? readByShape(new Row(value, rules));
  } catch (error) {
    if (error instanceof UnreadableRow) return { ok: false, problem: error.problem };
    throw error;
  }
}
