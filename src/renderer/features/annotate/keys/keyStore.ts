/** The keys of the desk that somebody changed, kept in this browser or window for every project. */
import { useMemo } from 'react';
import { create } from 'zustand';
import type { Failure } from '#core/result.ts';
import type { AnnotateAction } from '../actions.ts';
import { type ChangedKeys, type KeyMap, keyMap, readKeys, writeKeys } from './keyMap.ts';
import { capOf } from './keyWords.ts';

const PLACE = 'facet-desk-keys';
interface Kept {
  readonly changed: ChangedKeys;
  /** What was kept could not be read: the keys that the desk comes with hold. */
  readonly failure: Failure | null;
}

function kept(): Kept {
  const text = typeof localStorage === 'undefined' ? null : localStorage.getItem(PLACE);
  if (text === null) return { changed: {}, failure: null };
  const read = readKeys(text, PLACE);
  return read.ok
    ? { changed: read.value, failure: null }
    : { changed: {}, failure: { ...read.failure, fix: 'Change a key, or take the usual keys for all.' } };
}

const useKept = create<Kept>(kept);
if (typeof window !== 'undefined')
  window.addEventListener('storage', ({ key }) => {
    if (key === PLACE) useKept.setState(kept());
  });

export const useChangedKeys = useKept;

export function setChangedKeys(changed: ChangedKeys): void {
  localStorage.setItem(PLACE, writeKeys(changed));
  useKept.setState({ changed, failure: null });
}

/** The keys of the desk as they are now. */
export function useKeyMap(): KeyMap {
  const changed = useKept((state) => state.changed);
  return useMemo(() => keyMap(changed), [changed]);
}

/** The first key of an action as on its cap; undefined where it has none. */
export function useCap(): (action: AnnotateAction) => string | undefined {
  const keys = useKeyMap();
  return (action) => keys[action].map(capOf)[0];
}
