import { STRENGTH_SCALES, type VerdictRules } from '#core/verdictAttributes.ts';
import { Keycap } from '../../components/Keycap.tsx';
import { useIsOwner } from '../../state/me.ts';
import css from './annotate.module.css';
import { scaleSteps, strengthWord } from './scale.ts';
import { asksMore } from './VerdictDetails.tsx';

type KeyLine = readonly [caps: readonly string[], spoken: string, meaning: string];

/** Caps as they are drawn, what a screen reader calls them, and what they do. */
const keys: readonly KeyLine[] = [
  [['1', '←'], '1 or Left arrow', 'left better'],
  [['2', '→'], '2 or Right arrow', 'right better'],
  [['3', '↓', 'T'], '3, Down arrow or T', 'tie'],
  [['B'], 'B', 'both bad'],
  [['S'], 'S', 'skip'],
  [['E'], 'E', 'edit the left reply'],
  [['Shift+E'], 'Shift and E', 'edit the right reply'],
  [['N'], 'N', 'write a third reply'],
  [['F'], 'F', 'flag with a reason'],
  [['O'], 'O', 'order of the queue'],
  [['Z'], 'Z', 'undo'],
  [['Shift+Z'], 'Shift and Z', 'redo'],
  [['D'], 'D', 'word difference'],
  [['M'], 'M', 'Markdown or stored text'],
  [['J', 'K'], 'J and K', 'scroll both replies'],
  [['L'], 'L', 'scroll them together or apart'],
  [['P'], 'P', 'tall prompt'],
  [['I'], 'I', 'tokens of this pair'],
  [['H'], 'H', 'this pane'],
];
/** They look beyond one's own work. */
const ownersKeys: ReadonlySet<string> = new Set(['O', 'I']);
/** With a scale the digits are its steps. */
const withoutDigits = ([caps, spoken, meaning]: KeyLine): KeyLine =>
  /^[123],? /.test(spoken)
    ? [caps.slice(1), spoken.replace(/^[123](,| or) /, ''), meaning]
    : [caps, spoken, meaning];

/** What the project asks beside a verdict has keys, too. */
function askedKeys({ strength, aspects, confidence, rationale }: VerdictRules): readonly KeyLine[] {
  const most = scaleSteps(strength).length;
  return [
    ...(most > 0
      ? [
          [
            ['1', `${most}`],
            `1 to ${most}`,
            `left ${strengthWord(strength, STRENGTH_SCALES[strength])} better to right`,
          ] as const,
        ]
      : []),
    ...(aspects.length > 0 ? [[['A'], 'A', 'aspects, then 1 to 4'] as const] : []),
    ...(confidence === 'off' ? [] : [[['C'], 'C', 'how sure, then 1 to 5'] as const]),
    ...(rationale === 'off' ? [] : [[['W'], 'W', 'why'] as const]),
    [['Esc'], 'Escape', 'let a chosen verdict go'],
  ];
}

export function KeyList({ rules }: { readonly rules: VerdictRules }) {
  const isOwner = useIsOwner();
  const own = isOwner ? keys : keys.filter(([cap]) => !ownersKeys.has(cap[0] ?? ''));
  const shown = rules.strength === 'none' ? own : own.map(withoutDigits);
  return (
    <dl className={css.keys}>
      {[...shown, ...(asksMore(rules) ? askedKeys(rules) : [])].map(([caps, spoken, meaning]) => (
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
