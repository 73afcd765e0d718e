import { Keycap } from '../../components/Keycap.tsx';
import css from './annotate.module.css';

const keys = [
  ['1 ←', 'left better'],
  ['2 →', 'right better'],
  ['3 ↓ T', 'tie'],
  ['B', 'both bad'],
  ['S', 'skip'],
  ['Z', 'undo'],
  ['D', 'word difference'],
  ['M', 'Markdown or stored text'],
  ['J K', 'scroll both replies'],
  ['L', 'scroll them together or apart'],
  ['P', 'tall prompt'],
  ['I', 'tokens of this pair'],
  ['H', 'this pane'],
] as const;

export function KeyList() {
  return (
    <ul className={css.list}>
      {keys.map(([caps, meaning]) => (
        <li key={caps} className="row">
          <span style={{ minWidth: '4.6rem', display: 'inline-flex', gap: 3 }}>
            {caps.split(' ').map((cap) => (
              <Keycap key={cap}>{cap}</Keycap>
            ))}
          </span>
          <span className="muted">{meaning}</span>
        </li>
      ))}
    </ul>
  );
}
