import { type Message, ROLES } from '#core/preference.ts';
import { FacetError } from '#core/result.ts';

export type StoredMessages =
  | { readonly ok: true; readonly messages: readonly Message[] }
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): StoredMessages => ({ ok: false, reason });

/** The messages of a stored prompt, or why they are none: a file of years holds what every version let in. */
export function readStoredMessages(text: string): StoredMessages {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('its prompt is not JSON');
  }
  if (!Array.isArray(value) || value.length === 0) return refused('its prompt is not a list of messages');
  for (const [index, message] of (value as unknown[]).entries()) {
    const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
    if (role === undefined) return refused(`message ${index + 1} of its prompt has no role`);
    if (!(ROLES as readonly unknown[]).includes(role)) {
      return refused(`message ${index + 1} of its prompt has an unknown role, ${JSON.stringify(role)}`);
    }
    if (typeof content !== 'string') return refused(`message ${index + 1} of its prompt has no text`);
  }
  return { ok: true, messages: value as Message[] };
}

/** The messages of a stored reply that is more than its text. */
export const storedTurns = (text: string | null): readonly Message[] | null =>
  text === null ? null : (JSON.parse(text) as Message[]);

/** The preview of a row of `stored_prompts`, as the view `prompts` has it: empty where it is the whole text. */
export const PREVIEW = `CASE WHEN stored_prompts.preview <> '' THEN stored_prompts.preview
  WHEN json_valid(stored_prompts.messages) THEN stored_prompts.messages ->> '$[0].content' ELSE '' END`;

/** What a stored prompt says, its messages one after another; the stored text where it cannot be read. */
export function promptText(text: string): string {
  const stored = readStoredMessages(text);
  return stored.ok ? stored.messages.map(({ content }) => content).join('\n') : text;
}

export interface UnreadablePair {
  readonly pairId: number;
  readonly reason: string;
}

export class UnreadablePairError extends FacetError {
  readonly pair: UnreadablePair;
  constructor(pair: UnreadablePair) {
    super({
      code: 'pairs.unreadable',
      message: `Pair ${pair.pairId} cannot be read: ${pair.reason}.`,
      fix: 'It is set aside; the Library lists it, and there you can remove it.',
    });
    this.pair = pair;
  }
}
