import { type RefObject, useMemo } from 'react';
import type { AnnotationItem } from '#shared/entities.ts';
import { wordDiff } from '../../components/words.ts';
import type { Choice } from './actions.ts';
import css from './annotate.module.css';
import { PromptCard } from './PromptCard.tsx';
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
}

/** The prompt above, the two replies side by side. */
export function PairView({ item, as, tall, diffOn, standing, left, right }: Props) {
  const diff = useMemo(() => (diffOn ? wordDiff(item.left.text, item.right.text) : null), [diffOn, item]);
  return (
    <>
      <PromptCard key={item.pairId} messages={item.messages} tall={tall} as={as} />
      <div className={css.pair}>
        <ReplyPane
          side="left"
          text={item.left.text}
          diff={diff?.left ?? null}
          as={as}
          chosen={standing === 'left'}
          bodyRef={left}
        />
        <ReplyPane
          side="right"
          text={item.right.text}
          diff={diff?.right ?? null}
          as={as}
          chosen={standing === 'right'}
          bodyRef={right}
        />
      </div>
      {diffOn && diff === null && (
        <p className="small muted">These replies are too long and too different to compare word by word.</p>
      )}
    </>
  );
}
