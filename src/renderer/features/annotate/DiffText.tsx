import prose from '../../components/prose.module.css';
import type { DiffPart } from '../../components/words.ts';

interface Props {
  readonly side: 'left' | 'right';
  readonly parts: readonly DiffPart[];
}

/** A reply as plain text; what the other one has not got is marked, by ground and underline. */
export function DiffText({ side, parts }: Props) {
  let offset = 0;
  return (
    <div className={prose.diff} data-side={side} dir="auto">
      {parts.map(({ text, own }) => {
        const key = offset;
        offset += text.length;
        return own ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>;
      })}
    </div>
  );
}
