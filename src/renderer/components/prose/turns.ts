/** Characters that turn the direction of the text after them, as in UAX #9: a stranger's text may read otherwise than it is. */
import type { ExtraProps } from 'react-markdown';

type Element = NonNullable<ExtraProps['node']>;
type Child = Element['children'][number];

const TURNS: Readonly<Record<string, readonly [name: string, meaning: string]>> = {
  '\u202a': ['LRE', 'left-to-right embedding'],
  '\u202b': ['RLE', 'right-to-left embedding'],
  '\u202c': ['PDF', 'end of an embedding or override'],
  '\u202d': ['LRO', 'left-to-right override'],
  '\u202e': ['RLO', 'right-to-left override'],
  '\u2066': ['LRI', 'left-to-right isolate'],
  '\u2067': ['RLI', 'right-to-left isolate'],
  '\u2068': ['FSI', 'first-strong isolate'],
  '\u2069': ['PDI', 'end of an isolate'],
};
const TURN = /([\u202a-\u202e\u2066-\u2069])/u;

export interface TurnPart {
  readonly text: string;
  /** Offset in the text given. */
  readonly start: number;
  /** Of a character that turns: `RLO`, and what it means. Null for text. */
  readonly turn: { readonly name: string; readonly title: string } | null;
}

/** The text in order, each character that turns apart from the rest. Most texts have none: one part. */
export function turnParts(text: string): TurnPart[] {
  let start = 0;
  return text
    .split(TURN)
    .filter((part) => part !== '')
    .map((part) => {
      const named = TURNS[part];
      const turn =
        named === undefined
          ? null
          : {
              name: named[0],
              title: `U+${part.charCodeAt(0).toString(16).toUpperCase()}, ${named[1]}: the text may read otherwise than it is stored`,
            };
      start += part.length;
      return { text: part, start: start - part.length, turn };
    });
}

/** A rehype plugin: the same marks in drawn Markdown. */
export const markTurns =
  () =>
  (tree: object): undefined => {
    if ('children' in tree) markIn(tree as { children: Child[] });
  };

function markIn(parent: { children: Child[] }): void {
  for (const child of parent.children) if (child.type === 'element') markIn(child);
  if (!parent.children.some((child) => child.type === 'text' && TURN.test(child.value))) return;
  parent.children = parent.children.flatMap((child) =>
    child.type === 'text' ? turnParts(child.value).map(drawn) : [child],
  );
}

const drawn = ({ text, turn }: TurnPart): Child =>
  turn === null
    ? { type: 'text', value: text }
    : {
        type: 'element',
        tagName: 'span',
        properties: { dataTurn: turn.name, title: turn.title },
        children: [{ type: 'text', value: text }],
      };
