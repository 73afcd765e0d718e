/** Tokens as they are shown: blanks made visible, special ones told apart. Pure. */
import type { ReplyKey } from '#core/preference.ts';
import type { TokenView } from '#shared/policyEntities.ts';

export type Token = TokenView['prompt'][number];

/** Control tokens of the usual families: `<s>`, `</s>`, `<|im_start|>`, `[INST]`, `<0x0A>` is a byte and not one. */
export const isSpecial = (text: string): boolean =>
  /^(<\|[^\s]+\|>|<\/?[a-z_]+(_[a-z]+)*>|\[\/?[A-Z_]+\])$/.test(text.trim());

/** Blanks as signs: `·` a space, `→` a tab, `⏎` a line break. */
export const visible = (text: string): string =>
  text === ''
    ? '∅'
    : text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\r', '␍').replaceAll('\n', '⏎');

/** What a reply is called where it is shown: Left, Chosen, Reply A. */
export interface NamedReply {
  readonly key: ReplyKey;
  readonly name: string;
}

export interface ReplyTokens {
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly cut: number;
}

/** The tokens of both replies in the order in which they are named. */
export const namedTokens = (view: TokenView, replies: readonly NamedReply[]): readonly ReplyTokens[] =>
  replies.map(({ key, name }) => ({ name, tokens: view[key], cut: key === 'a' ? view.aCut : view.bCut }));

export const trainedCount = (tokens: readonly Token[]): number =>
  tokens.filter(({ trained }) => trained).length;
