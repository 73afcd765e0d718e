import { useEffect, useMemo, useRef } from 'react';
import { useScreenCommands } from '../../state/commands.ts';
import { useIsOwner } from '../../state/me.ts';
import type { AnnotateAction } from './actions.ts';
import type { Told } from './sessionView.ts';
import { stepLabel } from './stepWords.ts';

const offered = [
  ['guidelines', 'Guidelines', '?'],
  ['order', 'In which order pairs come', 'O'],
  ['flag', 'Flag this pair with a reason', 'F'],
  ['editLeft', 'Edit the left reply', 'E'],
  ['editRight', 'Edit the right reply', 'Shift E'],
  ['third', 'Write a third reply', 'N'],
  ['diff', 'Word difference on or off', 'D'],
  ['source', 'Markdown or stored text', 'M'],
  ['tokens', 'Tokens of this pair', 'I'],
  ['link', 'Scroll both replies together or apart', 'L'],
  ['tall', 'Tall prompt on or off', 'P'],
  ['pane', 'History pane on or off', 'H'],
] as const satisfies ReadonlyArray<readonly [AnnotateAction, string, string]>;

/** Offers what is not a verdict in the command palette. */
export function useDeskCommands(
  act: (action: AnnotateAction) => void,
  undo: Told | null,
  redo: Told | null,
): void {
  const isOwner = useIsOwner();
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  const commands = useMemo(
    () =>
      [
        ...(undo === null ? [] : [['undo', stepLabel('Undo', undo), 'Z'] as const]),
        ...(redo === null ? [] : [['redo', stepLabel('Redo', redo), 'Shift Z'] as const]),
        ...offered.filter(([action]) => isOwner || (action !== 'order' && action !== 'tokens')),
      ].map(([action, label, key]) => ({
        id: `annotate-${action}`,
        label,
        keyName: key,
        run: () => latest.current(action),
      })),
    [undo, redo, isOwner],
  );
  useScreenCommands(commands);
}
