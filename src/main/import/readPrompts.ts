/** Prompts of a file: JSON Lines or a JSON list, or plain text with one prompt a line; gzip is read as it is. */
import type { Message } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { openBytes, unpack } from './files/bytes.ts';
import { utf8Bytes } from './files/text.ts';
import { readMessages } from './read/messages.ts';
import { readRecords } from './readRecords.ts';
import { isObject, kindOf, UnreadableRow } from './types.ts';

export interface FilePrompt {
  readonly id: string;
  readonly messages: readonly Message[];
}

const asUser = (content: string): Message[] => [{ role: 'user', content }];

/** `messages`, or `prompt` as text or as messages; a row of a pair file serves too. */
function promptOf(value: unknown): Message[] {
  if (typeof value === 'string') return asUser(value);
  if (!isObject(value)) throw new UnreadableRow(null, `is ${kindOf(value)}, not an object`);
  const { messages, prompt } = value;
  if (messages !== undefined) return readMessages(messages, 'messages');
  if (typeof prompt === 'string') return asUser(prompt);
  if (Array.isArray(prompt)) return readMessages(prompt, 'prompt');
  throw new UnreadableRow('prompt', 'is missing, and so is messages');
}

function idOf(value: unknown, row: number): string {
  const id = isObject(value) ? value.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : `row-${row}`;
}

/** Lines of a text file; blank ones are no rows, but count. */
async function* linesOf(file: string): AsyncGenerator<{ row: number; value: string }> {
  const content = await unpack(await openBytes({ path: file }));
  const decoder = new TextDecoder('utf-8');
  let [text, row] = ['', 0];
  for await (const chunk of utf8Bytes(file, content.head, content.chunks)) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split(/\r\n|\n/);
    text = lines.pop() ?? '';
    for (const value of lines) yield { row: ++row, value };
  }
  yield { row: row + 1, value: text };
}

/** Rows of the file: of plain text each line is one, whatever it begins with. */
async function* rowsOf(file: string): AsyncGenerator<{ row: number; value: unknown }> {
  if (/\.txt(\.gz)?$/i.test(file)) {
    yield* linesOf(file);
    return;
  }
  for await (const { records } of readRecords({ path: file }, 500)) {
    for (const record of records) {
      if ('value' in record) yield record;
      else throw unreadable(file, record.row, record.problem.field, record.problem.reason);
    }
  }
}

const unreadable = (file: string, row: number, field: string | null, reason: string): FacetError =>
  new FacetError({
    code: 'prompts.unreadable-row',
    message: `Row ${row} of ${file}: ${field ?? 'the row'} ${reason}.`,
    fix: 'Give each row a "prompt" (text) or "messages"; a file that ends in .txt holds one prompt per line.',
    where: { file, row, ...(field !== null && { field }) },
  });

/** A file without rows is one without prompts. */
async function* orNothing<T>(rows: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof FacetError) || error.failure.code !== 'import.no-rows') throw error;
  }
}

/** Every prompt of the file; the first one that can't be read is an error that names its row and field. */
export async function readPromptFile(file: string): Promise<FilePrompt[]> {
  const prompts: FilePrompt[] = [];
  for await (const { row, value } of orNothing(rowsOf(file))) {
    if (typeof value === 'string' && value.trim() === '') continue;
    try {
      const messages = promptOf(value);
      if (messages.every(({ content }) => content.trim() === ''))
        throw new UnreadableRow('prompt', 'is empty');
      prompts.push({ id: idOf(value, row), messages });
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      throw unreadable(file, row, error.problem.field, error.problem.reason);
    }
  }
  if (prompts.length > 0) return prompts;
  throw new FacetError({
    code: 'prompts.none',
    message: `${file} holds no prompt.`,
    fix: 'Give one prompt per line, or JSON Lines with "prompt" or "messages".',
    where: { file },
  });
}
