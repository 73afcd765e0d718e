import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Choice } from './actions.ts';

const FLASH_MS = 220;

/** The choice made a moment ago, for its button to show. The bar alone listens: the desk is not drawn again for it. */
export class Flash {
  #choice: Choice | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly show = (choice: Choice): void => {
    this.end();
    this.#timer = setTimeout(() => this.#set(null), FLASH_MS);
    this.#set(choice);
  };

  readonly end = (): void => clearTimeout(this.#timer);

  readonly choice = (): Choice | null => this.#choice;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(choice: Choice | null): void {
    this.#choice = choice;
    for (const listener of this.#listeners) listener();
  }
}

export function useFlash(): Flash {
  const [flash] = useState(() => new Flash());
  useEffect(() => flash.end, [flash]);
  return flash;
}

export const useFlashed = (flash: Flash): Choice | null =>
  useSyncExternalStore(flash.subscribe, flash.choice);
