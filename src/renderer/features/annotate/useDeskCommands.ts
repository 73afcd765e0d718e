import { useEffect, useMemo, useRef } from 'react';
import type { VerdictRules } from '#core/verdictAttributes.ts';
import { useScreenCommands } from '../../state/commands.ts';
import { type AnnotateAction, actionOf, actionsOn, type DeskKind, labelOn } from './actions.ts';
import type { KeyMap } from './keys/keyMap.ts';
import { capOf, reaching } from './keys/keyWords.ts';
import type { Told } from './sessionView.ts';
import { stepLabel } from './stepWords.ts';

/** Whether the desk offers an action now: what looks beyond one's own work is the owner's, questions are the project's. */
export function isOffered(action: AnnotateAction, rules: VerdictRules, isOwner: boolean): boolean {
  if (actionOf(action).ownerOnly) return isOwner;
  if (action === 'aspects' || action === 'notApply') return rules.aspects.length > 0;
  return action === 'confidence' || action === 'rationale' ? rules[action] !== 'off' : true;
}

interface Offer {
  readonly kind: DeskKind;
  readonly act: (action: AnnotateAction) => void;
  readonly changeKeys: () => void;
  readonly keys: KeyMap;
  readonly rules: VerdictRules;
  readonly isOwner: boolean;
  readonly undo: Told | null;
  readonly redo: Told | null;
}

/** Offers every action of the desk in the command palette. */
export function useDeskCommands({ kind, act, changeKeys, keys, rules, isOwner, undo, redo }: Offer): void {
  const latest = useRef({ act, changeKeys });
  useEffect(() => {
    latest.current = { act, changeKeys };
  });
  const commands = useMemo(() => {
    const steps = { undo, redo };
    const offered = actionsOn(kind).flatMap((action) => {
      const isStep = action === 'undo' || action === 'redo';
      const told = isStep ? steps[action] : null;
      if ((isStep && told === null) || !isOffered(action, rules, isOwner)) return [];
      const label = labelOn(action, kind);
      const [key] = reaching(keys[action], rules.strength);
      return [
        {
          id: `annotate-${action}`,
          label: told === null ? label : stepLabel(action === 'redo' ? 'Redo' : 'Undo', told),
          ...(key === undefined ? {} : { keyName: capOf(key) }),
          run: () => latest.current.act(action),
        },
      ];
    });
    const own = { id: 'annotate-keys', label: 'Change keys', run: () => latest.current.changeKeys() };
    return [...offered, own];
  }, [kind, keys, rules, isOwner, undo, redo]);
  useScreenCommands(commands);
}
