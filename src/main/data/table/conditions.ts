import type { Conditions } from '#shared/library.ts';
import type { MarkSets } from '../marks/MarkSets.ts';
import { DELETED, EXCLUDED, FIRST } from '../marks/markTable.ts';
import type { Viewer } from '../pairRows.ts';
import { Bits } from '../search/Bits.ts';
import { floatKey } from './order.ts';
import { asksForLabels, SKIP, VERDICT_NUMBERS } from './Standing.ts';
import type { TableColumns } from './TableColumns.ts';
import { languageNumber } from './TextFacts.ts';

type Range = { readonly min?: number | undefined; readonly max?: number | undefined };
type LengthName = NonNullable<Conditions['lengths']>[number]['of'];
type Test = (pairId: number) => boolean;

const within = (value: number, { min, max }: Range): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max);

/** Leaves of `found` the pairs that are shown: those in use, or those that were left out in one way. */
export function keepShown(found: Bits, shown: Conditions['shown'], marks: MarkSets): Bits {
  const of = (markId: number) => marks.of(markId, found.size);
  if (shown === 'deleted') return found.keep(of(DELETED));
  found.without(of(DELETED));
  if (shown === 'excluded') return found.keep(of(EXCLUDED));
  found.without(of(EXCLUDED));
  return shown === 'first' ? found.keep(of(FIRST)) : found;
}

/** Leaves of `found` the pairs that meet all conditions. */
export function keepMeeting(
  found: Bits,
  conditions: Conditions,
  viewer: Viewer,
  columns: TableColumns,
  marks: MarkSets,
): Bits {
  for (const name of conditions.tags ?? []) {
    const tag = marks.tags().find((mark) => mark.name === name);
    found.keep(tag ? marks.of(tag.id, found.size) : new Bits(found.size));
  }
  if (conditions.duplicates) found.keep(columns.duplicates.of(conditions.duplicates, columns.last));
  const tests = [
    ...labelTests(conditions, viewer, columns),
    ...seenTests(conditions, viewer, columns),
    ...modelTests(conditions, viewer, columns),
    ...textTests(conditions, columns),
    ...metadataTests(conditions, viewer, columns, found.size),
  ];
  if (tests.length === 0) return found;
  for (const pairId of found.toIds()) {
    if (!tests.every((test) => test(pairId))) found.remove(pairId);
  }
  return found;
}

function* labelTests(conditions: Conditions, viewer: Viewer, columns: TableColumns): Generator<Test> {
  if (!asksForLabels(conditions)) return;
  const { verdicts, annotators, disagreement, flagged } = conditions;
  const shown = columns.shownVerdict(viewer);
  const imported = columns.shownImported(viewer);
  if (verdicts && verdicts.length > 0) {
    const wanted = new Set(verdicts.map((verdict) => (verdict === 'none' ? 0 : VERDICT_NUMBERS[verdict])));
    yield (pairId) => wanted.has(shown(pairId) || imported(pairId));
  }
  const hidden = columns.isHidden(viewer);
  const own = columns.standing.of(viewer.annotatorId);
  if (annotators && annotators.length > 0) {
    const people = annotators.map((id): Test => {
      const of = columns.standing.people.get(id);
      if (!of) {
        const decided = columns.decidedInFile(id);
        return (pairId) => decided.has(pairId) && !hidden(pairId);
      }
      return (pairId) => of[pairId] !== 0 && (id === viewer.annotatorId || !hidden(pairId));
    });
    yield (pairId) => people.some((test) => test(pairId));
  }
  if (flagged) {
    const flags = columns.flagged(viewer.annotatorId);
    yield (pairId) => flags.own.has(pairId) || (flags.all.has(pairId) && !hidden(pairId));
  }
  if (disagreement === 'file') {
    yield (pairId) => {
      const label = imported(pairId);
      if (label === 0) return false;
      return [...columns.standing.people.values()].some((of) => {
        const verdict = of[pairId] as number;
        return verdict !== 0 && verdict !== SKIP && verdict !== label;
      });
    };
  }
  if (disagreement === 'people') {
    const differing = columns.differing();
    yield (pairId) => {
      if (hidden(pairId)) return false;
      if (differing) return differing.has(pairId);
      let first = own[pairId] === SKIP ? 0 : (own[pairId] as number);
      for (const of of columns.standing.people.values()) {
        const verdict = of[pairId] as number;
        if (verdict === 0 || verdict === SKIP || verdict === first) continue;
        if (first !== 0) return true;
        first = verdict;
      }
      return false;
    };
  }
}

/** Of others a blind project tells neither what they said nor that they have seen a pair. */
function* seenTests({ seen }: Conditions, viewer: Viewer, columns: TableColumns): Generator<Test> {
  if (seen === undefined || seen.by.length === 0) return;
  const hidden = columns.isHidden(viewer);
  const people = seen.by.map((id): Test => {
    const pairs = columns.seenBy(id);
    const said = columns.standing.of(id);
    return (pairId) =>
      pairs.has(pairId) &&
      (seen.unsaid !== true || said[pairId] === 0) &&
      (id === viewer.annotatorId || !hidden(pairId));
  });
  yield (pairId) => people.some((test) => test(pairId));
}

function* modelTests({ codes, margin }: Conditions, viewer: Viewer, columns: TableColumns): Generator<Test> {
  if (codes && codes.length > 0) {
    const wanted = new Set(codes.map((code) => code + 1));
    const { keys } = columns.keys('code', viewer);
    yield (pairId) => wanted.has(keys[pairId] as number);
  }
  if (margin && (margin.min !== undefined || margin.max !== undefined)) {
    const min = margin.min === undefined ? 1 : floatKey(margin.min);
    const max = margin.max === undefined ? 0xffffffff : floatKey(margin.max);
    const { keys } = columns.keys('margin', viewer);
    yield (pairId) => within(keys[pairId] as number, { min, max });
  }
}

const LENGTHS_OF: Readonly<Record<LengthName, (prompt: number, a: number, b: number) => number>> = {
  prompt: (prompt) => prompt,
  a: (_, a) => a,
  b: (_, __, b) => b,
  longer: (_, a, b) => Math.max(a, b),
  shorter: (_, a, b) => Math.min(a, b),
  difference: (_, a, b) => Math.abs(a - b),
};

function* textTests({ lengths = [], languages = [] }: Conditions, columns: TableColumns): Generator<Test> {
  for (const { of, ...range } of lengths) {
    const { lengths: known } = columns.facts;
    const measure = LENGTHS_OF[of];
    yield (pairId) => {
      const at = 3 * pairId;
      return within(measure(known[at] as number, known[at + 1] as number, known[at + 2] as number), range);
    };
  }
  if (languages.length > 0) {
    const { languages: known } = columns.facts;
    const wanted = new Set(languages.map(languageNumber));
    yield (pairId) => wanted.has(known[pairId] as number);
  }
}

function* metadataTests(
  { metadata = [] }: Conditions,
  viewer: Viewer,
  columns: TableColumns,
  size: number,
): Generator<Test> {
  const hidden = columns.isHidden(viewer);
  for (const { field, is, has, ...range } of metadata) {
    const { values, of } = columns.metadata.field(field, columns.last, size);
    const wanted = new Uint8Array(values.size + 1);
    for (const [value, number] of values) {
      const text = String(value);
      const isWanted =
        (is === undefined || text === is) &&
        (has === undefined || text.toLowerCase().includes(has.toLowerCase())) &&
        (range.min === undefined && range.max === undefined
          ? true
          : typeof value === 'number' && within(value, range));
      if (isWanted) wanted[number] = 1;
    }
    yield (pairId) => wanted[of[pairId] as number] === 1 && !hidden(pairId);
  }
}
