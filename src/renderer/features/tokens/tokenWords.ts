/** Tokens as they are shown: blanks made visible, special ones told apart. Pure. */
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

export interface Reply {
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly cut: number;
}

const bare = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
const textOf = (tokens: readonly Token[]): string =>
  bare(
    tokens
      .map(({ text }) => text)
      .filter((text) => !isSpecial(text))
      .join(''),
  );

/** How far two texts agree from their start, in characters. */
function agreement(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/**
 * The two replies by name. With `sides`, left and right as the desk shows them, which tells no label; else as training
 * names them, or A and B where no preference stands.
 */
export function namedReplies(
  view: TokenView,
  sides: { readonly left: string; readonly right: string } | null,
  preferred = true,
): readonly Reply[] {
  const chosen = { tokens: view.chosen, cut: view.chosenCut };
  const rejected = { tokens: view.rejected, cut: view.rejectedCut };
  if (sides === null)
    return [
      { name: preferred ? 'Chosen' : 'Reply A', ...chosen },
      { name: preferred ? 'Rejected' : 'Reply B', ...rejected },
    ];
  const [left, right] = [bare(sides.left), bare(sides.right)];
  const asShown = agreement(textOf(view.chosen), left) + agreement(textOf(view.rejected), right);
  const crossed = agreement(textOf(view.chosen), right) + agreement(textOf(view.rejected), left);
  const chosenIsLeft = asShown >= crossed;
  return [
    { name: 'Left', ...(chosenIsLeft ? chosen : rejected) },
    { name: 'Right', ...(chosenIsLeft ? rejected : chosen) },
  ];
}

export const trainedCount = (tokens: readonly Token[]): number =>
  tokens.filter(({ trained }) => trained).length;
