/** Reads the rows that jobs are given: JSON Lines, one object a row. Every row must be right, or says where not. */
import {
  type Message,
  type PreferencePair,
  partsOf,
  ROLES,
  type Role,
  type SingleSide,
} from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { readLines } from '#disk/lines.ts';

export interface PromptRow {
  readonly id: string;
  readonly messages: readonly Message[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Place {
  readonly file: string;
  readonly row: number;
}

function unreadable(place: Place, field: string | null, reason: string): FacetError {
  return new FacetError({
    code: 'dataset.unreadable-row',
    message: `Row ${place.row} of ${place.file} can't be read: ${reason}`,
    fix: 'Correct or remove the row, then start again.',
    where: { ...place, ...(field !== null && { field }) },
  });
}

function text(fields: Fields, field: string, place: Place): string {
  const value = fields[field];
  if (typeof value === 'string' && value !== '') return value;
  const found =
    value === undefined ? 'is missing' : value === '' ? 'is empty' : `is ${typeof value}, not text`;
  throw unreadable(place, field, `${field} ${found}.`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isRole = (value: unknown): value is Role => (ROLES as readonly unknown[]).includes(value);

function messagesOf(fields: Fields, place: Place, field = 'messages'): Message[] {
  const value = fields[field];
  if (!Array.isArray(value) || value.length === 0) {
    throw unreadable(place, field, `${field} must be a list with at least one message.`);
  }
  return value.map((entry: unknown, index) => {
    const role = isFields(entry) ? entry.role : undefined;
    const content = isFields(entry) ? entry.content : undefined;
    if (!isFields(entry) || !isRole(role) || typeof content !== 'string') {
      throw unreadable(place, field, `message ${index + 1} needs a role (${ROLES.join(', ')}) and text.`);
    }
    // Facet wrote the file: the other parts are as they were checked when they came in.
    return { ...(partsOf(entry as unknown as Message) ?? {}), role, content };
  });
}

/** Of a reply that is more than its text. */
function turnsOf(
  fields: Fields,
  field: 'chosenTurns' | 'rejectedTurns',
  place: Place,
): Partial<Record<typeof field, Message[]>> {
  return fields[field] === undefined ? {} : { [field]: messagesOf(fields, place, field) };
}

async function* rows(file: string): AsyncGenerator<{ fields: Fields; place: Place }> {
  try {
    for await (const { text: line, row } of readLines(file)) {
      if (line.trim() === '') continue;
      const place = { file, row };
      let fields: unknown;
      try {
        fields = JSON.parse(line);
      } catch (error) {
        throw unreadable(
          place,
          null,
          `it is not JSON (${error instanceof Error ? error.message : String(error)}).`,
        );
      }
      if (!isFields(fields)) throw unreadable(place, null, 'it is not a JSON object.');
      yield { fields, place };
    }
  } catch (error) {
    if (error instanceof FacetError) throw error;
    throw new FacetError(
      {
        code: 'dataset.unreadable-file',
        message: `${file} can't be read: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'Check that the file exists and can be read.',
        where: { file },
      },
      { cause: error },
    );
  }
}

/** Which reply of a row has a label of its own; null where both are there. */
function singleSide(fields: Fields, place: Place): SingleSide | null {
  const { single } = fields;
  if (single === undefined) return null;
  if (single !== 'chosen' && single !== 'rejected')
    throw unreadable(place, 'single', 'single must be chosen or rejected.');
  const other = single === 'chosen' ? 'rejected' : 'chosen';
  if (fields[other] === '') return single;
  throw unreadable(place, other, `${other} must be empty where the ${single} reply has a label of its own.`);
}

/** All pairs of a file; throws `dataset.…` with file, row and field on the first row that can't be read. */
export async function readPairs(file: string): Promise<PreferencePair[]> {
  const pairs: PreferencePair[] = [];
  for await (const { fields, place } of rows(file)) {
    const aspect = fields.aspect ?? null;
    if (aspect !== null && typeof aspect !== 'string')
      throw unreadable(place, 'aspect', 'aspect is not text.');
    const single = singleSide(fields, place);
    pairs.push({
      id: text(fields, 'id', place),
      promptId: text(fields, 'promptId', place),
      source: text(fields, 'source', place),
      aspect,
      messages: messagesOf(fields, place),
      chosen: single === 'rejected' ? '' : text(fields, 'chosen', place),
      rejected: single === 'chosen' ? '' : text(fields, 'rejected', place),
      ...turnsOf(fields, 'chosenTurns', place),
      ...turnsOf(fields, 'rejectedTurns', place),
      ...(single && { single }),
    });
  }
  if (pairs.length === 0) {
    throw new FacetError({
      code: 'dataset.empty',
      message: `${file} holds no pairs.`,
      fix: 'Choose a selection with labelled pairs.',
      where: { file },
    });
  }
  return pairs;
}

/** All prompts of a file, in its order. */
export async function readPrompts(file: string): Promise<PromptRow[]> {
  const prompts: PromptRow[] = [];
  for await (const { fields, place } of rows(file)) {
    prompts.push({ id: text(fields, 'id', place), messages: messagesOf(fields, place) });
  }
  return prompts;
}
