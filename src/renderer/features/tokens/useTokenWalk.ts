import {
  type HTMLAttributes,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };

interface TokenWalk {
  /** Token `at` has the id `${id}-${at}`, and `data-at`. */
  readonly id: string;
  readonly list: RefObject<HTMLDivElement | null>;
  /** Of a `listbox`, which `aria-activedescendant` names with `id`: the token that is read. */
  readonly active: number | null;
  readonly props: HTMLAttributes<HTMLDivElement>;
}

const placeOf = (target: EventTarget): number | null =>
  target instanceof HTMLElement && target.dataset.at !== undefined ? Number(target.dataset.at) : null;

/** A list of tokens as one tab stop: arrows walk, a pointer reads what it is over. The read one has `data-active`. */
export function useTokenWalk(count: number): TokenWalk {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  useEffect(() => {
    const before = list.current?.querySelector('[data-active]');
    before?.removeAttribute('data-active');
    if (active === null) return;
    list.current?.querySelector(`[data-at="${active}"]`)?.setAttribute('data-active', 'true');
  }, [active]);
  const walk = (event: KeyboardEvent) => {
    const now = active ?? 0;
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : now + (STEPS[event.key] ?? Number.NaN);
    if (Number.isNaN(to) || count === 0) return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, to));
    setActive(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const point = ({ target }: { readonly target: EventTarget }) => setActive((now) => placeOf(target) ?? now);
  return {
    ...{ id, list, active },
    props: {
      onKeyDown: walk,
      onFocus: () => setActive((now) => now ?? 0),
      onMouseOver: point,
      onClick: point,
    },
  };
}
