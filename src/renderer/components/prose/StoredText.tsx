import { memo } from 'react';
import { MarkedTurns } from './MarkedTurns.tsx';
import { ownParts, spaceGlyphs } from './ownParts.ts';
import css from './prose.module.css';
import type { Span } from './textDiff.ts';

interface Props {
  readonly text: string;
  readonly own: readonly Span[];
  /** Set in the mono font; else in the text font, where Markdown was given up. */
  readonly mono: boolean;
}

/** Long texts are laid out block by block, only where they are in sight. */
const BLOCK_CHARACTERS = 8_000;

/** The stored characters; what the other text has not got is marked, its white space with signs. */
export const StoredText = memo(function StoredText({ text, own, mono }: Props) {
  const blocks = blocksOf(text);
  return (
    <div className={mono ? css.source : css.plain}>
      {blocks.map(([start, end]) => (
        <div key={start} dir="auto" className={blocks.length > 1 ? css.block : undefined}>
          {ownParts(text, own, start, end).map((part) =>
            part.own ? (
              <mark key={part.start} data-glyphs={spaceGlyphs(part.text) ?? undefined}>
                <MarkedTurns text={part.text} />
              </mark>
            ) : (
              <span key={part.start}>
                <MarkedTurns text={part.text} />
              </span>
            ),
          )}
        </div>
      ))}
    </div>
  );
});

/** Stretches `[start, end)` that end with a line, or with a word where a line has no end. */
function blocksOf(text: string): (readonly [number, number])[] {
  const blocks: (readonly [number, number])[] = [];
  let start = 0;
  while (text.length - start > BLOCK_CHARACTERS) {
    const line = text.lastIndexOf('\n', start + BLOCK_CHARACTERS) + 1;
    const word = text.lastIndexOf(' ', start + BLOCK_CHARACTERS) + 1;
    const end = line > start ? line : word > start ? word : start + BLOCK_CHARACTERS;
    blocks.push([start, end]);
    start = end;
  }
  return [...blocks, [start, text.length]];
}
