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
import { FacetError } from '#core/result.ts';
import type { ChatTemplate } from './chatTemplate.ts';
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
  const turns = messages.map((message) => `${PLAIN_LABELS[message.role]}${plainTurn(message)}\n\n`);
  return `${turns.join('')}Assistant:`;
}
function plainTurn(message: Message): string {
  const parts = partsOf(message);
  return [message.content.trim(), parts && JSON.stringify(parts)].filter(Boolean).join('\n');
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

/** What the template writes of the prompt and before the text of a reply that is there. */
function replyOpening(chatTemplate: ChatTemplate, prompt: readonly Message[]): string {
  const [one, other] = ['A', 'B'].map((content) =>
    chatTemplate.render([...prompt, { role: 'assistant', content }], false),
  ) as [string, string];
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared += 1;
  return one.slice(0, shared);
}

/**
 * Ids of a reply that is more than one text, from where the prompt's ids end: its calls, thinking and turns as the chat
 * template writes them, those of tools and people between them included, as trainers of whole completions count them.
 * Throws `tokens.template-failed`, `tokens.unknown-piece`.
 */
export function encodeTurns(
  tokenizer: Tokenizer,
  prompt: readonly Message[],
  turns: readonly Message[],
): Int32Array {
  const { chatTemplate, endOfTurnId } = tokenizer;
  if (!chatTemplate) {
    const [first, ...others] = turns;
    const rest = others.map((message) => `${PLAIN_LABELS[message.role]}${plainTurn(message)}`);
    return encodeReply(tokenizer, [first ? plainTurn(first) : '', ...rest].join('\n\n'));
  }
  const whole = chatTemplate.render([...prompt, ...turns], false);
  const opened = chatTemplate.render(prompt, true);
  // A template may open the reply with more than it writes before one that is there: empty thinking, for instance.
  const isSame = whole.startsWith(opened) || whole.startsWith(chatTemplate.render(prompt, false));
  const start = [opened, replyOpening(chatTemplate, prompt)].find((text) => whole.startsWith(text));
  if (!isSame || start === undefined)
    throw new FacetError({
      code: 'tokens.template-failed',
      message: 'The chat template writes the prompt differently once the reply stands after it.',
      fix: 'Leave such pairs out, or choose a model whose template keeps the prompt as it is.',
      where: { field: 'chat_template' },
    });
  const ids = tokenizer.encode(whole.slice(start.length).trim(), { special: false });
  return ids.at(-1) === endOfTurnId ? ids : Int32Array.of(...ids, endOfTurnId);
}
