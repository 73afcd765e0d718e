import { Keycap } from '../../components/Keycap.tsx';
import css from './annotate.module.css';

/** Caps as they are drawn, what a screen reader calls them, and what they do. */
const keys = [
  [['1', '←'], '1 or Left arrow', 'left better'],
  [['2', '→'], '2 or Right arrow', 'right better'],
  [['3', '↓', 'T'], '3, Down arrow or T', 'tie'],
  [['B'], 'B', 'both bad'],
  [['S'], 'S', 'skip'],
  [['Z'], 'Z', 'undo'],
  [['Shift+Z'], 'Shift and Z', 'redo'],
  [['D'], 'D', 'word difference'],
  [['M'], 'M', 'Markdown or stored text'],
  [['J', 'K'], 'J and K', 'scroll both replies'],
  [['L'], 'L', 'scroll them together or apart'],
  [['P'], 'P', 'tall prompt'],
  [['I'], 'I', 'tokens of this pair'],
  [['H'], 'H', 'this pane'],
] as const;

export function KeyList() {
  return (
    <dl className={css.keys}>
      {keys.map(([caps, spoken, meaning]) => (
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
