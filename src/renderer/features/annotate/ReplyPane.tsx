import { ActionIcon } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type ReactNode, type Ref, useMemo } from 'react';
import type { AnnotationItem } from '#shared/entities.ts';
import { Prose } from '../../components/prose/Prose.tsx';
import type { Span } from '../../components/prose/textDiff.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { TurnList } from '../../components/TurnList.tsx';
import { countWords } from '../../components/words.ts';
import { formatCount, plural } from '../../format.ts';
import css from './annotate.module.css';
import { useCap } from './keys/keyStore.ts';
import { withKey } from './keys/keyWords.ts';

interface Props {
  readonly side: 'left' | 'right';
  readonly reply: AnnotationItem['left'];
  /** What the other reply has not got, once it is known. */
  readonly own: readonly Span[] | undefined;
  /** Said beside the word count. */
  readonly note: string | null;
  readonly as: 'markdown' | 'source';
  readonly chosen: boolean;
  readonly bodyRef: Ref<HTMLDivElement>;
  /** In the place of the text while it is edited. */
  readonly editor: ReactNode;
  /** Null where it is not to be edited. */
  readonly onEdit: (() => void) | null;
}

/** One reply; a long one scrolls inside its own pane. */
export function ReplyPane({ side, reply, own, note, as, chosen, bodyRef, editor, onEdit }: Props) {
  const { text, turns } = reply;
  const name = side === 'left' ? 'Left' : 'Right';
  const editKey = useCap()(side === 'left' ? 'editLeft' : 'editRight');
  const words = useMemo(() => countWords(text), [text]);
  return (
    <section
      className={`card ${css.reply}`}
      data-chosen={chosen || undefined}
      aria-label={`${name}, ${plural(words, 'word')}`}
    >
      <div className={css.replyHead}>
        <h2>{name}</h2>
        <span className="grow" />
        {note !== null && (
          <span className="small muted" role="status">
            {note}
          </span>
        )}
        <span className="small faint num">
          {formatCount(words)} {words === 1 ? 'word' : 'words'}
        </span>
        {onEdit !== null && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Edit the ${side} reply`}
            aria-keyshortcuts={editKey}
            title={withKey('Edit it into a better one', editKey)}
            aria-pressed={editor !== null}
            onMouseDown={(event) => event.preventDefault()}
            onClick={onEdit}
          >
            <IconPencil size={16} />
          </ActionIcon>
        )}
      </div>
      {editor}
      <ScrollRegion
        label={`${name} reply`}
        className={editor === null ? css.replyBody : `${css.replyBody} visually-hidden`}
        ref={bodyRef}
      >
        {/* What differs is marked in the text, which reads the turns out. */}
        {turns.length > 0 && own === undefined ? (
          <TurnList turns={turns} as={as} />
        ) : (
          <Prose text={text} as={as} {...(own === undefined ? {} : { own })} />
        )}
      </ScrollRegion>
    </section>
  );
}
