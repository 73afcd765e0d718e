import type { Ref } from 'react';
import { Prose } from '../../components/Prose.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { countWords, type DiffPart } from '../../components/words.ts';
import { formatCount, plural } from '../../format.ts';
import css from './annotate.module.css';
import { DiffText } from './DiffText.tsx';

interface Props {
  readonly side: 'left' | 'right';
  readonly text: string;
  /** Shown in place of the text's Markdown. */
  readonly diff: readonly DiffPart[] | null;
  readonly as: 'markdown' | 'source';
  readonly chosen: boolean;
  readonly bodyRef: Ref<HTMLDivElement>;
}

/** One reply; a long one scrolls inside its own pane. */
export function ReplyPane({ side, text, diff, as, chosen, bodyRef }: Props) {
  const name = side === 'left' ? 'Left' : 'Right';
  const words = countWords(text);
  return (
    <section
      className={`card ${css.reply}`}
      data-chosen={chosen || undefined}
      aria-label={`${name}, ${plural(words, 'word')}`}
    >
      <div className={css.replyHead}>
        <h2>{name}</h2>
        <span className="grow" />
        <span className="small faint num">
          {formatCount(words)} {words === 1 ? 'word' : 'words'}
        </span>
      </div>
      <ScrollRegion label={`${name} reply`} className={css.replyBody} ref={bodyRef}>
        {diff === null ? <Prose text={text} as={as} /> : <DiffText side={side} parts={diff} />}
      </ScrollRegion>
    </section>
  );
}
