/** One parsed row of a file as a pair, or why not. Pure. */
import type { Message } from '#core/preference.ts';
import { dialogueTurns, looksLikeDialogue, promptMessages } from './dialogue.ts';
import { readMessage, readMessages, splitDialogues } from './messages.ts';
import {
  type ImportedPair,
  type ImportFormat,
  isObject,
  type JsonObject,
  kindOf,
  type RowOutcome,
  UnreadableRow,
} from './types.ts';

type Texts = Pick<ImportedPair, 'messages' | 'chosen' | 'rejected'>;

const isText = (value: unknown): value is string => typeof value === 'string';

/** A reply: text, one assistant message, or a list that holds just that. */
function replyText(value: unknown, field: string): string {
  if (isText(value)) return value;
  const messages = Array.isArray(value) ? readMessages(value, field) : null;
  if (messages && messages.length !== 1) {
    throw new UnreadableRow(field, `holds ${messages.length} messages where one reply is expected`);
  }
  if (!messages && !isObject(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a reply`);
  const message = messages?.[0] ?? readMessage(value, field);
  if (message.role !== 'assistant')
    throw new UnreadableRow(field, `is by the ${message.role}, not the assistant`);
  return message.content;
}

const withSystem = (row: JsonObject, messages: readonly Message[]): readonly Message[] =>
  isText(row.system) && row.system.trim() !== '' && messages[0]?.role !== 'system'
    ? [{ role: 'system', content: row.system.trim() }, ...messages]
    : messages;

function instructionPrompt(row: JsonObject): Message[] {
  if (!isText(row.instruction))
    throw new UnreadableRow('instruction', `is ${kindOf(row.instruction)}, not text`);
  const input = isText(row.input) ? row.input : '';
  return [
    {
      role: 'user',
      content: [row.instruction, input]
        .map((part) => part.trim())
        .filter(Boolean)
        .join('\n\n'),
    },
  ];
}

function rowPrompt(row: JsonObject): Message[] {
  if (row.prompt === undefined) return instructionPrompt(row);
  if (isText(row.prompt)) return promptMessages(row.prompt);
  return readMessages(row.prompt, 'prompt');
}

/** TRL's shapes: the replies alone, or whole message lists that repeat the prompt. */
function promptedPair(row: JsonObject): Texts {
  const { chosen, rejected } = row;
  if (Array.isArray(chosen) && Array.isArray(rejected) && (chosen.length > 1 || rejected.length > 1)) {
    return splitDialogues(readMessages(chosen, 'chosen'), readMessages(rejected, 'rejected'));
  }
  return {
    messages: rowPrompt(row),
    chosen: replyText(chosen, 'chosen'),
    rejected: replyText(rejected, 'rejected'),
  };
}

function wholeDialogues(chosen: string, rejected: string): Texts {
  const read = (text: string, field: string): Message[] => {
    const { head, turns } = dialogueTurns(text);
    if (turns.length === 0) throw new UnreadableRow(field, 'holds no "Human:" and "Assistant:" turns');
    return head === '' ? turns : [{ role: 'system', content: head }, ...turns];
  };
  return splitDialogues(read(chosen, 'chosen'), read(rejected, 'rejected'));
}

function readTexts(row: JsonObject): Texts & { format: ImportFormat } {
  if (row.conversations !== undefined) {
    return {
      format: 'sharegpt',
      messages: readMessages(row.conversations, 'conversations'),
      chosen: replyText(row.chosen, 'chosen'),
      rejected: replyText(row.rejected, 'rejected'),
    };
  }
  if (row.chosen_messages !== undefined) {
    const [chosen, rejected] = [row.chosen_messages, row.rejected_messages];
    return {
      format: 'pairs',
      ...splitDialogues(readMessages(chosen, 'chosen_messages'), readMessages(rejected, 'rejected_messages')),
    };
  }
  for (const field of ['chosen', 'rejected']) {
    if (row[field] !== undefined) continue;
    const fields = Object.keys(row).slice(0, 8).join(', ');
    throw new UnreadableRow(field, `is missing; the row has ${fields || 'no fields'}`);
  }
  if (row.prompt !== undefined || row.instruction !== undefined)
    return { format: 'pairs', ...promptedPair(row) };
  if (isText(row.chosen) && isText(row.rejected)) {
    if (!looksLikeDialogue(row.chosen)) {
      throw new UnreadableRow('prompt', 'is missing, and the replies are not whole dialogues');
    }
    return { format: 'hh-dialogue', ...wholeDialogues(row.chosen, row.rejected) };
  }
  return { format: 'pairs', ...promptedPair(row) };
}

function checkTexts({ messages, chosen, rejected }: Texts): void {
  if (chosen.trim() === '') throw new UnreadableRow('chosen', 'is empty');
  if (rejected.trim() === '') throw new UnreadableRow('rejected', 'is empty');
  if (chosen.trim() === rejected.trim()) throw new UnreadableRow(null, 'both replies are the same');
  if (!messages.some(({ role, content }) => role === 'user' && content !== '')) {
    throw new UnreadableRow('prompt', 'is empty');
  }
}

const nameOf = (value: unknown): string | null =>
  isText(value) && value.trim() !== '' && value.length <= 120 ? value.trim() : null;
const isTie = (row: JsonObject): boolean =>
  row.tie === true || [row.label, row.winner, row.preference].some((value) => value === 'tie');

export function readPair(value: unknown): RowOutcome {
  try {
    if (!isObject(value)) throw new UnreadableRow(null, `is ${kindOf(value)}, not an object`);
    if (isTie(value)) throw new UnreadableRow(null, 'is a tie: neither reply is preferred');
    const { format, ...texts } = readTexts(value);
    checkTexts(texts);
    const { id } = value;
    return {
      ok: true,
      pair: {
        format,
        messages: withSystem(value, texts.messages),
        chosen: texts.chosen.trim(),
        rejected: texts.rejected.trim(),
        source: nameOf(value.source),
        aspect: nameOf(value.aspect),
        itemId: isText(id) || typeof id === 'number' ? String(id) : null,
      },
    };
  } catch (error) {
    if (error instanceof UnreadableRow) return { ok: false, problem: error.problem };
    throw error;
  }
}
