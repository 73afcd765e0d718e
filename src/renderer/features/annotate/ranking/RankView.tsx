import type { RefObject } from 'react';
import type { AnnotationItem } from '#shared/entities.ts';
import { PromptCard } from '../PromptCard.tsx';
import { orderWords } from './order.ts';
import { RankCard } from './RankCard.tsx';
import { RankAbout } from './RankQuestions.tsx';
import { RankStrip } from './RankStrip.tsx';
import css from './ranking.module.css';
import type { RankingHand } from './useRanking.ts';

interface Props {
  readonly item: AnnotationItem;
  readonly hand: RankingHand;
  readonly as: 'markdown' | 'source';
  readonly tall: boolean;
  readonly body: RefObject<HTMLDivElement | null>;
}

/** The prompt above, the replies as cards, and between them the order in which they are put. */
export function RankView({ item, hand, as, tall, body }: Props) {
  const { replies } = hand.set;
  return (
    <>
      <PromptCard key={item.pairId} messages={item.messages} tall={tall} as={as} />
      <RankAbout hand={hand} />
      <RankStrip hand={hand} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can not be a grid in every browser */}
      <div
        ref={body}
        className={css.cards}
        data-count={replies.length}
        role="group"
        aria-label={`${replies.length} replies to rank`}
      >
        {replies.map((reply, index) => (
          <RankCard key={reply.id} hand={hand} reply={reply} number={index + 1} as={as} />
        ))}
      </div>
      <span className="visually-hidden" role="status">
        {hand.about !== null && `By ${hand.about}. `}
        {orderWords(
          hand.order,
          replies.map(({ id }) => id),
        )}
      </span>
    </>
  );
}
