import { type RefObject, useEffect, useRef } from 'react';

type Pane = RefObject<HTMLDivElement | null>;

/** How far a pane can be scrolled, pixels. */
const range = (pane: Element): number => pane.scrollHeight - pane.clientHeight;

/**
 * Scrolls both replies, by pages; a new item starts at the top. Together, whatever scrolls one pane (wheel, touchpad,
 * bar, keys) moves the other by the same share of its height.
 */
export function useReplyScroll(
  left: Pane,
  right: Pane,
  itemId: number | undefined,
  together: boolean,
): (pages: number) => void {
  /** Panes that were scrolled since the item came: to scroll one, or to ask whether it is, lays the page out once more. */
  const moved = useRef(new Set<EventTarget>());
  useEffect(() => {
    const note = ({ target }: Event) => {
      if (target !== null && (target === left.current || target === right.current)) moved.current.add(target);
    };
    // It does not bubble.
    document.addEventListener('scroll', note, { capture: true, passive: true });
    return () => document.removeEventListener('scroll', note, { capture: true });
  }, [left, right]);
  useEffect(() => {
    if (itemId === undefined) return;
    for (const pane of [left.current, right.current])
      if (pane !== null && moved.current.has(pane)) pane.scrollTo({ top: 0 });
    moved.current.clear();
  }, [itemId, left, right]);
  useEffect(() => {
    const [one, other] = [left.current, right.current];
    if (!together || itemId === undefined || one === null || other === null) return;
    return linkScrolling(one, other);
  }, [together, itemId, left, right]);
  return (pages) => {
    const panes = [left.current, right.current].filter((pane) => pane !== null);
    // Of two that go together the longer one leads: the other has an end before it.
    if (together) panes.sort((one, other) => range(other) - range(one)).splice(1);
    for (const pane of panes) {
      moved.current.add(pane);
      pane.scrollBy({ top: pages * pane.clientHeight, behavior: 'auto' });
    }
  };
}

/** Returns the function that parts them again. */
function linkScrolling(one: Element, other: Element): () => void {
  /** Where a pane was put by the other one: the scroll event that tells of it moves nothing back. */
  const put = new Map<Element, number>();
  const follow = (from: Element, to: Element) => () => {
    const expected = put.get(from);
    put.delete(from);
    if (expected !== undefined && Math.abs(expected - from.scrollTop) < 1) return;
    const share = range(from) <= 0 ? 0 : from.scrollTop / range(from);
    const before = to.scrollTop;
    to.scrollTop = share * range(to);
    if (to.scrollTop !== before) put.set(to, to.scrollTop);
  };
  const listeners = [
    [one, follow(one, other)],
    [other, follow(other, one)],
  ] as const;
  for (const [pane, listen] of listeners) pane.addEventListener('scroll', listen, { passive: true });
  return () => {
    for (const [pane, listen] of listeners) pane.removeEventListener('scroll', listen);
  };
}
