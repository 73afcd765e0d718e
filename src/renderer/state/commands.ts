/** What the open screen offers in the command palette. */
import { useEffect } from 'react';
import { create } from 'zustand';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** The key that does the same. */
  readonly keyName?: string;
  readonly run: () => void;
}

export const useCommands = create<{ readonly commands: readonly Command[] }>(() => ({ commands: [] }));

/** Offers commands while the screen is open; pass a memoised list. */
export function useScreenCommands(commands: readonly Command[]): void {
  useEffect(() => {
    useCommands.setState({ commands });
    return () => useCommands.setState({ commands: [] });
  }, [commands]);
}
