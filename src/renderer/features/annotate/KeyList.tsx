import { STRENGTH_SCALES, type VerdictRules } from '#core/verdictAttributes.ts';
import { Keycap } from '../../components/Keycap.tsx';
import { useIsOwner } from '../../state/me.ts';
import { type AnnotateAction, actionsOn, type DeskKind, labelOn } from './actions.ts';
import css from './annotate.module.css';
import { useKeyMap } from './keys/keyStore.ts';
import { capOf, reaching, spokenKeys } from './keys/keyWords.ts';
import { scaleSteps, strengthWord } from './scale.ts';
import { isOffered } from './useDeskCommands.ts';
import { asksMore } from './VerdictDetails.tsx';

/** Caps as they are drawn, what a screen reader calls them, and what they do. */
type KeyLine = readonly [caps: readonly string[], spoken: string, meaning: string];

const ANSWERED: Partial<Record<AnnotateAction, string>> = {
  aspects: ', then 1 to 4',
  confidence: ', then 1 to 5',
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** With a scale the digits are its steps. */
function scaleLine({ strength }: VerdictRules): readonly KeyLine[] {
  const most = scaleSteps(strength).length;
  if (most === 0) return [];
  const word = strengthWord(strength, STRENGTH_SCALES[strength]);
  return [[['1', `${most}`], `1 to ${most}`, `left ${word} better to right`]];
}

export function KeyList({ kind, rules }: { readonly kind: DeskKind; readonly rules: VerdictRules }) {
  const isOwner = useIsOwner();
  const keys = useKeyMap();
  const acting = actionsOn(kind)
    .filter((action) => isOffered(action, rules, isOwner))
    .flatMap((action): KeyLine[] => {
      const own = reaching(keys[action], rules.strength);
      const meaning = `${lowerFirst(labelOn(action, kind))}${ANSWERED[action] ?? ''}`;
      return own.length === 0 ? [] : [[own.map(capOf), spokenKeys(own), meaning]];
    });
  const ranking: readonly KeyLine[] =
    kind === 'set'
      ? [
          [['1', '9'], '1 to 9', 'place this reply next, or take it off'],
          [['Enter'], 'Enter', 'save the ranking'],
        ]
      : scaleLine(rules);
  const leaving: KeyLine = [['Esc'], 'Escape', 'let a chosen verdict go'];
  return (
    <dl className={css.keys}>
      {[...ranking, ...acting, ...(asksMore(rules) ? [leaving] : [])].map(([caps, spoken, meaning]) => (
        <div key={spoken} className="row">
          <dt>
            <span className="visually-hidden">{spoken}</span>
            {caps.map((cap) => (
              <Keycap key={cap}>{cap}</Keycap>
            ))}
          </dt>
          <dd className="muted">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
