/** What the open screen offers in the command palette. */
import { useEffect, useMemo, useRef } from 'react';
import { create } from 'zustand';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** The key that does the same. */
  readonly keyName?: string | undefined;
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

/** The same for a list that is made anew on every draw: what is offered changes with its words and keys alone. */
export function useDrawnCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const words = JSON.stringify(commands.map(({ id, label, keyName }) => ({ id, label, keyName })));
  const offered = useMemo(
    () =>
      (JSON.parse(words) as Omit<Command, 'run'>[]).map((command) => ({
        ...command,
        run: () => latest.current.find(({ id }) => id === command.id)?.run(),
      })),
    [words],
  );
  useScreenCommands(offered);
}
