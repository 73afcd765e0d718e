/** Prompts of a file: JSON Lines or a JSON list, or plain text with one prompt a line; gzip is read as it is. */
import type { Message } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';
import { readMessages } from './messages.ts';
import { openText } from './openText.ts';
import { LineSplitter, splitRows } from './splitRows.ts';
import { isObject, kindOf, UnreadableRow } from './types.ts';

export interface FilePrompt {
  readonly id: string;
  readonly messages: readonly Message[];
}

const asUser = (content: string): Message[] => [{ role: 'user', content }];

/** `messages`, or `prompt` as text or as messages; a row of a pair file serves too. */
function promptOf(value: unknown): Message[] {
  if (typeof value === 'string') return asUser(value.trim());
  if (!isObject(value)) throw new UnreadableRow(null, `is ${kindOf(value)}, not an object`);
  const { messages, prompt } = value;
  if (messages !== undefined) return readMessages(messages, 'messages');
  if (typeof prompt === 'string') return asUser(prompt.trim());
  if (Array.isArray(prompt)) return readMessages(prompt, 'prompt');
  throw new UnreadableRow('prompt', 'is missing, and so is messages');
}

function idOf(value: unknown, row: number): string {
  const id = isObject(value) ? value.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : `row-${row}`;
}

/** Rows of the file: of plain text each line is one, whatever it begins with. */
async function* rowsOf(file: string): AsyncGenerator<{ row: number; value: unknown }> {
  const chunks = (await openText(file)).chunks();
  if (/\.txt(\.gz)?$/i.test(file)) {
    const lines = new LineSplitter();
    for await (const chunk of chunks)
      for (const { row, text } of lines.push(chunk)) yield { row, value: text };
    for (const { row, text } of lines.end()) yield { row, value: text };
    return;
  }
  for await (const batch of splitRows(chunks)) {
    for (const { row, text } of batch) yield { row, value: parsed(text, row, file) };
  }
}

function parsed(text: string, row: number, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, row, null, `is not JSON: ${(error as Error).message}`);
  }
}

const unreadable = (file: string, row: number, field: string | null, reason: string): FacetError =>
  new FacetError({
    code: 'prompts.unreadable-row',
    message: `Row ${row} of ${file}: ${field ?? 'the row'} ${reason}.`,
    fix: 'Give each row a "prompt" (text) or "messages"; a file that ends in .txt holds one prompt per line.',
    where: { file, row, ...(field !== null && { field }) },
  });

/** Every prompt of the file; the first one that can't be read is an error that names its row and field. */
export async function readPromptFile(file: string): Promise<FilePrompt[]> {
  const prompts: FilePrompt[] = [];
  for await (const { row, value } of rowsOf(file)) {
    if (typeof value === 'string' && value.trim() === '') continue;
    try {
      const messages = promptOf(value);
      if (messages.every(({ content }) => content === '')) throw new UnreadableRow('prompt', 'is empty');
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
