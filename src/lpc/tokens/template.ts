/**
 * Dialogues as token ids, one way for training, scoring and generation: generation starts from exactly the prompt ids
 * that training sees, and a reply is its own ids after them.
 *
 * With a chat template the prompt is what the template renders with its opening of the assistant's turn; it brings its
 * own beginning-of-text token or none, so none is added. Without a template the plain one is used:
 *
 *     <bos>{system}\n\nUser: {user}\n\nAssistant: {assistant}\n\nUser: {user}\n\nAssistant:
 *
 * followed by a space and the reply. Calls, names and thinking follow their turn's text as JSON; <bos> only where the tokenizer adds one to any text.
 */
import { type Message, partsOf } from '#core/preference.ts';
import type { Tokenizer } from './tokenizer.ts';

const PLAIN_LABELS = {
  system: '',
  developer: '',
  user: 'User: ',
  assistant: 'Assistant: ',
  tool: 'Tool: ',
} as const;

/** The plain template's text, up to where the assistant's reply begins. */
export function plainPrompt(messages: readonly Message[]): string {
  const turns = messages.map((message) => {
    const parts = partsOf(message);
    const text = [message.content.trim(), parts && JSON.stringify(parts)].filter(Boolean).join('\n');
    return `${PLAIN_LABELS[message.role]}${text}\n\n`;
  });
  return `${turns.join('')}Assistant:`;
}

/** Ids of a dialogue up to where the assistant's reply begins. Throws `tokens.template-failed`, `tokens.unknown-piece`. */
export function encodePrompt(tokenizer: Tokenizer, messages: readonly Message[]): Int32Array {
  const { chatTemplate, bosId, addsBos } = tokenizer;
  if (chatTemplate) return tokenizer.encode(chatTemplate.render(messages, true), { special: false });
  const ids = tokenizer.encode(plainPrompt(messages), { special: false });
  return addsBos && bosId !== null ? Int32Array.of(bosId, ...ids) : ids;
}

/** Ids of a reply, white space around it left out, and the end-of-turn token. Throws `tokens.unknown-piece`. */
export function encodeReply(tokenizer: Tokenizer, text: string): Int32Array {
  const { chatTemplate, addsSpace, endOfTurnId } = tokenizer;
  const trimmed = text.trim();
  const written = chatTemplate || addsSpace || trimmed === '' ? trimmed : ` ${trimmed}`;
  const ids = tokenizer.encode(written, { special: false });
  const withEnd = new Int32Array(ids.length + 1);
  withEnd.set(ids);
  withEnd[ids.length] = endOfTurnId;
  return withEnd;
}
