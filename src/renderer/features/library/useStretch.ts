import { useRef } from 'react';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { type Choice, withStretch } from './choice.ts';
import { choose, useLibraryView } from './libraryView.ts';
import type { List } from './useRows.ts';

const IDS_AT_ONCE = 100_000;

interface Stretch {
  readonly from: number;
  /** What was chosen before it began. */
  readonly before: Choice;
}

/** Chooses from the row where Shift was first held to another one, whether its rows were read or not. */
export function useStretch({ filter, sort }: Pick<List, 'filter' | 'sort'>) {
  const stretch = useRef<Stretch | null>(null);
  const latest = useRef(0);

  async function to(from: number, target: number): Promise<void> {
    stretch.current ??= { from, before: useLibraryView.getState().choice };
    const { from: start, before } = stretch.current;
    latest.current += 1;
    const asked = latest.current;
    const [first, last] = start < target ? [start, target] : [target, start];
    const ids: number[] = [];
    try {
      for (let offset = first; offset <= last; offset += IDS_AT_ONCE) {
        const limit = Math.min(IDS_AT_ONCE, last - offset + 1);
        ids.push(...(await client.library.ids({ ...filter, sort, offset, limit })));
      }
    } catch (error) {
      notifyFailure(failureOf(error));
      return;
    }
    // A key that came later has asked for another stretch.
    if (asked === latest.current) choose(withStretch(before, ids));
  }

  return {
    to: (from: number, target: number): void => void to(from, target),
    end: (): void => {
      stretch.current = null;
    },
  };
}
