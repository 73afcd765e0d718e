import { useEffect, useMemo, useRef } from 'react';
import { useScreenCommands } from '../../state/commands.ts';
import type { AnnotateAction } from './actions.ts';

const offered = [
  ['undo', 'Undo the last verdict', 'Z'],
  ['guidelines', 'Guidelines', '?'],
  ['diff', 'Word difference on or off', 'D'],
  ['source', 'Markdown or stored text', 'M'],
  ['tokens', 'Tokens of this pair', 'I'],
  ['link', 'Scroll both replies together or apart', 'L'],
  ['tall', 'Tall prompt on or off', 'P'],
  ['pane', 'History pane on or off', 'H'],
] as const satisfies ReadonlyArray<readonly [AnnotateAction, string, string]>;

/** Offers what is not a verdict in the command palette. */
export function useDeskCommands(act: (action: AnnotateAction) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  const commands = useMemo(
    () =>
      offered.map(([action, label, key]) => ({
        id: `annotate-${action}`,
        label,
        keyName: key,
        run: () => latest.current(action),
      })),
    [],
  );
  useScreenCommands(commands);
}
