/**
 * A rehype plugin that marks what the other text has not got, in drawn Markdown. Offsets are those of the stored text;
 * what is drawn is laid against it sign by sign, since Markdown leaves signs out.
 */
import type { ExtraProps } from 'react-markdown';
import { firstAfter, ownParts, spaceGlyphs } from './ownParts.ts';
import type { Span } from './textDiff.ts';

type Element = NonNullable<ExtraProps['node']>;
type Child = Element['children'][number];
interface Parent {
  readonly children: Child[];
}
interface Leaf {
  readonly parent: Parent;
  readonly node: Child;
  readonly start: number;
  readonly end: number;
}

export const markOwn =
  ({ source, own }: { readonly source: string; readonly own: readonly Span[] }) =>
  (tree: object): undefined => {
    if (own.length === 0 || !('children' in tree)) return;
    const leaves: Leaf[] = [];
    collect(tree as Parent, null, source, leaves);
    const unseen = unseenSpans(own, leaves);
    const drawn = new Map<Parent, Map<Child, Child[]>>();
    for (const [index, leaf] of leaves.entries()) {
      const before = index === 0 ? unseen.filter(({ start }) => start < leaf.start) : [];
      const next = leaves[index + 1]?.start ?? Number.POSITIVE_INFINITY;
      const after = unseen.filter(({ start }) => start >= leaf.end && start < next);
      const children = [
        ...before.map((span) => hiddenMark(source, span)),
        ...marked(source, own, leaf),
        ...after.map((span) => hiddenMark(source, span)),
      ];
      const replaced = drawn.get(leaf.parent) ?? new Map<Child, Child[]>();
      drawn.set(leaf.parent, replaced.set(leaf.node, children));
    }
    for (const [parent, replaced] of drawn) {
      const children = parent.children.flatMap((child) => replaced.get(child) ?? [child]);
      parent.children.splice(0, parent.children.length, ...children);
    }
  };

const isFormula = (node: Child): boolean =>
  node.type === 'element' &&
  Array.isArray(node.properties.className) &&
  node.properties.className[0] === 'latex';

/** Texts and formulas in their order, with where they stand in the source. */
function collect(parent: Parent, outer: Element | null, source: string, leaves: Leaf[]): void {
  for (const node of parent.children) {
    const place =
      node.position ?? (node.type === 'text' && outer?.tagName === 'code' ? outer.position : undefined);
    const start = place?.start.offset;
    const end = place?.end.offset;
    const whole = node.type === 'text' || node.type === 'raw' || isFormula(node);
    if (whole && start !== undefined && end !== undefined) leaves.push({ parent, node, start, end });
    else if (node.type === 'element') collect(node, node, source, leaves);
  }
}

/** Marked parts of which nothing is drawn: Markdown's own signs, and white space between blocks. */
function unseenSpans(own: readonly Span[], leaves: readonly Leaf[]): Span[] {
  return own.filter(({ start, end }) => {
    const near = leaves[firstAfter(leaves, start)];
    return near === undefined || near.start >= end;
  });
}

function marked(source: string, own: readonly Span[], { node, start, end }: Leaf): Child[] {
  const touched = ownParts(source, own, start, end).some((part) => part.own);
  if (!touched) return [node];
  if (node.type !== 'text' && node.type !== 'raw') return [mark([node])];
  const offsets = offsetsOf(node.value, source, start, end);
  const parts: Child[] = [];
  let from = 0;
  const spanAt = (index: number): Span | null => {
    const offset = offsets[index] ?? end;
    const span = own[firstAfter(own, offset)];
    return span !== undefined && span.start <= offset ? span : null;
  };
  for (let index = 1; index <= node.value.length; index += 1) {
    if (index < node.value.length && spanAt(index) === spanAt(from)) continue;
    const value = node.value.slice(from, index);
    parts.push(spanAt(from) !== null ? markText(value) : { type: 'text', value });
    from = index;
  }
  return parts;
}

/** Offset in the source of each sign that is drawn; signs of the source that are not drawn are passed over. */
function offsetsOf(value: string, source: string, start: number, end: number): number[] {
  const offsets: number[] = [];
  let at = start;
  for (const sign of value.split('')) {
    let found = at;
    while (found < end && source[found] !== sign) found += 1;
    // A sign that the source writes in another way (an entity) stands where the one before it stood.
    if (found < end) at = found + 1;
    offsets.push(found < end ? found : Math.max(start, at - 1));
  }
  return offsets;
}

const mark = (children: Child[], properties: Element['properties'] = {}): Child => ({
  type: 'element',
  tagName: 'mark',
  properties,
  children: children as Element['children'],
});

function markText(value: string): Child {
  const glyphs = spaceGlyphs(value);
  return mark([{ type: 'text', value }], glyphs === null ? {} : { dataGlyphs: glyphs });
}

/** Signs that are not drawn, shown as what they are. */
function hiddenMark(source: string, { start, end }: Span): Child {
  const signs = source.slice(start, end);
  const glyphs = spaceGlyphs(signs);
  return mark([], glyphs === null ? { dataGlyphs: signs.trim(), dataSigns: '' } : { dataGlyphs: glyphs });
}
