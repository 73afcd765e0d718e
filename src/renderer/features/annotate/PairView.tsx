import type { RefObject } from 'react';
import type { AnnotationItem } from '#shared/entities.ts';
import { useTextDiff } from '../../components/prose/useTextDiff.ts';
import type { Choice } from './actions.ts';
import css from './annotate.module.css';
import type { Written } from './deskDrafts.ts';
import { PromptCard } from './PromptCard.tsx';
import { ReplyEditor } from './ReplyEditor.tsx';
import { ReplyPane } from './ReplyPane.tsx';

interface Props {
  readonly item: AnnotationItem;
  readonly as: 'markdown' | 'source';
  readonly tall: boolean;
  readonly diffOn: boolean;
  /** The verdict that stands on it. */
  readonly standing: Choice | null;
  readonly left: RefObject<HTMLDivElement | null>;
  readonly right: RefObject<HTMLDivElement | null>;
  /** What is being written of it. */
  readonly writing: Written | null;
  /** Null where replies are only looked at. */
  readonly onWrite: ((what: Written | null) => void) | null;
}

/** The prompt above, the two replies side by side. */
export function PairView({ item, as, tall, diffOn, standing, left, right, writing, onWrite }: Props) {
  const { diff, comparing, error } = useTextDiff(
    diffOn ? item.left.text : null,
    diffOn ? item.right.text : null,
  );
  const note = comparing ? 'Comparing…' : error !== null ? 'Could not be compared' : null;
  const editorOf = (what: Written) =>
    writing === what && onWrite !== null ? (
      <ReplyEditor key={`${item.pairId}:${what}`} item={item} what={what} onClose={() => onWrite(null)} />
    ) : null;
  return (
    <>
      <PromptCard key={item.pairId} messages={item.messages} tall={tall} as={as} />
      <div className={css.pair}>
        <ReplyPane
          side="left"
          reply={item.left}
          own={diff?.left}
          note={note}
          as={as}
          chosen={standing === 'left'}
          bodyRef={left}
          editor={editorOf(item.left.key)}
          onEdit={onWrite && (() => onWrite(item.left.key))}
        />
        <ReplyPane
          side="right"
          reply={item.right}
          own={diff?.right}
          note={null}
          as={as}
          chosen={standing === 'right'}
          bodyRef={right}
          editor={editorOf(item.right.key)}
          onEdit={onWrite && (() => onWrite(item.right.key))}
        />
      </div>
      {writing === 'third' && (
        <section className="card" aria-label="Your reply">
          {editorOf('third')}
        </section>
      )}
    </>
  );
}
