/** Potato: the labels of its schemes lie beside the texts, as `label_annotations` or as `scheme:::label` columns. */

import type { Found, Row } from '../Row.ts';
import { annotatorOf, shown } from '../read/people.ts';
import { readTwoReplies } from '../read/replies.ts';
import { withStrength } from '../read/verdicts.ts';
import { type Marks, saysNothing, statementOf } from '../read/verdictWords.ts';
import {
  type ImportedItem,
  type ImportedVerdict,
  idText,
  isAbsent,
  isObject,
  isText,
  UnreadableRow,
} from '../types.ts';
import { pairItem, type Shape } from './Shape.ts';
import { type NamedReply, namedReplies, promptBeside } from './twoReplies.ts';

const COLUMN = /^(.+):::(.+)$/;
const isSet = (value: unknown): boolean =>
  !isAbsent(value) && value !== false && value !== 0 && value !== '0' && value !== 'false';

interface Scheme {
  readonly name: string;
  readonly field: string;
  readonly value: unknown;
}

function schemesOf(row: Row): Scheme[] {
  const found = row.at('label_annotations') ?? row.at('annotations');
  if (found && isObject(found.value)) {
    const { field } = found;
    return Object.entries(found.value).map(([name, value]) => ({ name, field, value }));
  }
  const byName = new Map<string, Record<string, unknown>>();
  for (const [field, value] of Object.entries(row.value)) {
    const [, name, label] = COLUMN.exec(field) ?? [];
    if (name !== undefined && label !== undefined && !isAbsent(value))
      byName.set(name, { ...byName.get(name), [label]: value });
  }
  return [...byName].map(([name, value]) => ({ name, field: `${name}:::`, value }));
}

type Said = Omit<ImportedVerdict, 'annotator'>;
const numberOf = (value: unknown): number =>
  typeof value === 'number' || (isText(value) && value.trim() !== '') ? Number(value) : Number.NaN;

/** A slider from the left text, below zero, to the right one. */
function ofScale(value: unknown): Said | null {
  const place = numberOf(value);
  if (!Number.isFinite(place)) return null;
  if (place === 0) return { verdict: 'tie' };
  return { verdict: place < 0 ? 'first' : 'second', strength: Math.abs(place) };
}

/** The label that one scheme sets, where it is one. */
function labelOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  if ('selection' in value) return value.selection;
  const set = Object.entries(value).filter(([, given]) => isSet(given));
  return set.length === 1 ? set[0]?.[0] : null;
}

function saidBy({ value }: Scheme, row: Row, marks: Marks): Said | null {
  if (isObject(value) && 'scale_value' in value) return ofScale(value.scale_value);
  const label = labelOf(value);
  const meant = isText(label) ? row.rules.verdicts?.[label] : undefined;
  if (meant !== undefined) return meant === 'none' ? null : { verdict: meant };
  // A rating is no choice: of numbers only those count that the texts are called by.
  return isText(label) && !/^\d+$/.test(label) ? statementOf(label, marks) : null;
}

const OVERALL = /overall|prefer|better|best|winner|choice|compar|verdict/i;

/** A verdict that nobody can read is asked about, not left beside the pair. */
function refuseUnclear(row: Row, schemes: readonly Scheme[]): void {
  const asked = schemes.filter(({ name }) => schemes.length === 1 || OVERALL.test(name));
  for (const { name, field, value } of asked) {
    const label = labelOf(value);
    if (!isText(label) || label === '' || saysNothing(label) || row.rules.verdicts?.[label]) continue;
    throw new UnreadableRow(
      field,
      `says ${shown(label)} by ${name}: it does not say clearly which of the two is preferred; say what its values mean with --verdicts VALUE=a,VALUE=b`,
    );
  }
}

/** What the schemes say of the two texts. Those that ask something else stay beside the pair. */
function verdictOf(row: Row, marks: Marks): (Said & { field: string; isAll: boolean }) | null {
  const schemes = schemesOf(row);
  const stated = schemes.flatMap((scheme) => {
    const said = saidBy(scheme, row, marks);
    return said ? [{ ...said, name: scheme.name, field: scheme.field }] : [];
  });
  const overall = stated.filter(({ name }) => OVERALL.test(name));
  const counted = overall.length > 0 ? overall : stated;
  const [first] = counted;
  if (!first) {
    refuseUnclear(row, schemes);
    return null;
  }
  const other = counted.find(({ verdict }) => verdict !== first.verdict);
  if (other)
    throw new UnreadableRow(
      other.field,
      `says ${shown(other.verdict)} by ${other.name} and ${shown(first.verdict)} by ${first.name}; keep the one that is the verdict`,
    );
  return { ...first, isAll: schemes.length === 1 };
}

const isTwoTexts = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every(isText);

/** The list of the two texts that were shown side by side, under whatever name the task gave it. */
function listedTexts(row: Row): Found | null {
  const fields = ['text', 'responses', 'items', 'texts', ...Object.keys(row.value)];
  for (const name of fields) {
    const found = row.at(name);
    if (found && isTwoTexts(found.value)) return found;
  }
  return null;
}

/** A list as Potato shows it: `A. …<br>B. …`, `0. …<br>1. …`, or without marks. */
function shownTexts(row: Row): Found | null {
  const found = row.at('displayed_text');
  if (!found || !isText(found.value)) return null;
  for (const [first, second, third] of ['ABC', '012', '123']) {
    const mark = (sign = '') => `(?:<b>)?${sign}\\.(?:</b>)? `;
    const parts = new RegExp(
      `^\\s*${mark(first)}([\\s\\S]*?)\\s*<br\\s*/?>\\s*${mark(second)}([\\s\\S]*)$`,
    ).exec(found.value);
    if (!parts) continue;
    const isMore = new RegExp(`<br\\s*/?>\\s*(?:${mark(second)}|${mark(third)})`).test(parts[2] ?? '');
    return isMore ? null : { field: found.field, value: [parts[1], parts[2]] };
  }
  const parts = found.value.split(/<br\s*\/?>/);
  return parts.length === 2 && parts.every((part) => part.trim() !== '')
    ? { field: found.field, value: parts }
    : null;
}

const SECTION =
  /<div name="instance_text"[^>]*> <legend> ([\s\S]*?) <\/legend> ([\s\S]*?)(?: <br\/>)? <\/div>/g;

/** An object as Potato shows it: a section for each of its fields, question and replies among them. */
function withSections(row: Row): Row {
  const found = row.at('displayed_text');
  if (!found || !isText(found.value)) return row;
  const sections = [...found.value.matchAll(SECTION)].map(
    ([, name = '', text = '']) => [name, text] as const,
  );
  const fields = Object.fromEntries(sections.filter(([name]) => !Object.hasOwn(row.value, name)));
  return sections.length < 2 ? row : row.with({ ...fields, [found.field]: null });
}

function repliesOf(row: Row): NamedReply[] {
  const named = namedReplies(row);
  if (named.length === 2) return named;
  const list = listedTexts(row) ?? shownTexts(row);
  if (!list) return [];
  return (list.value as string[]).map((value, index) => ({
    field: list.field,
    value,
    mark: index === 0 ? 'a' : 'b',
  }));
}

const marksOf = ([a, b]: readonly NamedReply[]): Marks => ({
  marks: [a?.mark ?? 'a', b?.mark ?? 'b'],
  fields: [a?.field ?? '', b?.field ?? ''],
});

/** Columns of tables go one by one, an object as a whole. */
function noteVerdict(row: Row, field: string, isAll: boolean): void {
  if (!field.endsWith(':::')) {
    row.use('verdict', field);
    if (!isAll) row.keep(field);
    return;
  }
  for (const name of Object.keys(row.value)) if (name.startsWith(field)) row.use('verdict', name);
}

/** `annotations` alone may be another tool's: there it counts what it says. */
function isOf(row: Row): boolean {
  if (isObject(row.at('label_annotations')?.value)) return true;
  if (Object.keys(row.value).some((field) => COLUMN.test(field))) return true;
  if (!isObject(row.at('annotations')?.value)) return false;
  const marks = marksOf(repliesOf(row));
  return schemesOf(row).some((scheme) => saidBy(scheme, row, marks) !== null);
}

function read(whole: Row): ImportedItem[] {
  const row = withSections(whole);
  const items = readShown(row);
  const shown = whole.at('displayed_text')?.field ?? '';
  for (const { part, field } of row.readings) whole.use(part, whole.at(field)?.field ?? shown);
  return items;
}

function readShown(row: Row): ImportedItem[] {
  const replies = repliesOf(row);
  const [a, b] = replies as [NamedReply, NamedReply];
  const user = row.at('user') ?? row.at('username');
  const said = verdictOf(row, marksOf(replies));
  for (const [part, { field }] of [['reply A', a] as const, ['reply B', b] as const]) row.use(part, field);
  if (said) noteVerdict(row, said.field, said.isAll);
  if (user) row.use('annotator', user.field);
  const annotator = user ? idText(user.value) : annotatorOf(row);
  const isShown = a.field === row.at('displayed_text')?.field;
  const asked = isShown && !row.knows('prompt', 'messages') ? null : promptBeside(row, replies);
  if (!asked)
    throw new UnreadableRow(
      'prompt',
      'is missing: the row holds the two texts and what was said of them; add the question, as prompt, from the file that Potato was given',
    );
  const { verdict, strength } = said ?? {};
  const verdicts = verdict ? [withStrength(row, { annotator, verdict, strength: strength ?? null })] : [];
  return [pairItem(row, readTwoReplies(row, asked, a, b), [a.field, b.field], verdicts)];
}

export const potato: Shape = {
  name: 'potato',
  matches: (row) =>
    !row.has('chosen') &&
    !row.has('rejected') &&
    row.rules.map?.verdict === undefined &&
    repliesOf(withSections(row)).length === 2 &&
    isOf(withSections(row)),
  read,
};
