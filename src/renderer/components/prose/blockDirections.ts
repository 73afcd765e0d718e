import type { ExtraProps } from 'react-markdown';

type Element = NonNullable<ExtraProps['node']>;

/** A rehype plugin: each block of the text runs in the direction of its own first letters. */
export const blockDirections =
  () =>
  (tree: object): undefined => {
    if (!('children' in tree)) return;
    for (const node of tree.children as Element['children']) {
      if (node.type === 'element') node.properties.dir = 'auto';
    }
  };
