import { type RefObject, useEffect } from 'react';
import type { KeyBindings } from '../../components/keys.ts';

type Pane = RefObject<HTMLDivElement | null>;

/** J and K, Page Down and Page Up scroll both replies; a new item starts at the top. */
export function useReplyScroll(left: Pane, right: Pane, itemId: number | undefined): KeyBindings {
  useEffect(() => {
    if (itemId === undefined) return;
    for (const pane of [left, right]) pane.current?.scrollTo({ top: 0 });
  }, [itemId, left, right]);
  const by = (pages: number) => () => {
    for (const { current } of [left, right]) {
      current?.scrollBy({ top: pages * current.clientHeight, behavior: 'auto' });
    }
  };
  return { j: by(0.2), k: by(-0.2), pagedown: by(0.9), pageup: by(-0.9) };
}
