import { useEffect, useMemo, useRef } from 'react';
import { Keycap } from '../../../components/Keycap.tsx';
import { Prose } from '../../../components/prose/Prose.tsx';
import { ScrollRegion } from '../../../components/ScrollRegion.tsx';
import { TurnList } from '../../../components/TurnList.tsx';
import { countWords } from '../../../components/words.ts';
import { plural } from '../../../format.ts';
import { dragged, useDrop } from './drag.ts';
import { ordinal, placeOf, putWith } from './order.ts';
import css from './ranking.module.css';
import type { RankingHand, ShownSet } from './useRanking.ts';

interface Props {
  readonly hand: RankingHand;
  readonly reply: ShownSet['replies'][number];
  readonly number: number;
  readonly as: 'markdown' | 'source';
}

/** One of the replies; its head places it, and can be dragged. */
export function RankCard({ hand, reply, number, as }: Props) {
  const { id, text, turns } = reply;
  const card = useRef<HTMLElement>(null);
  const words = useMemo(() => countWords(text), [text]);
  const isSelected = hand.selected === id;
  const place = placeOf(hand.order, id);
  const ids = hand.set.replies.map((one) => one.id);
  const rank = place === null ? 'not placed' : ordinal(place);
  // A reply that is dropped on one that has a place ties with it.
  const drop = useDrop((other) => place !== null && hand.change(putWith(hand.order, other, id, ids), other));
  useEffect(() => {
    if (isSelected) card.current?.focus();
  }, [isSelected]);
  return (
    <section
      ref={card}
      tabIndex={-1}
      className={`card ${css.card}`}
      data-selected={isSelected || undefined}
      data-rank-card=""
      aria-label={`Reply ${number}, ${rank}, ${plural(words, 'word')}`}
      {...drop}
    >
      <div className={css.head} {...dragged(id)} title="Drag it to its place">
        <Keycap>{number}</Keycap>
        <h2>Reply {number}</h2>
        <span className="small faint num">{plural(words, 'word')}</span>
        <span className="grow" />
        <button
          type="button"
          className={css.rank}
          data-placed={place !== null || undefined}
          aria-label={place === null ? `Place reply ${number} next` : `Take reply ${number} off, ${rank}`}
          aria-keyshortcuts={String(number)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => hand.digit(number)}
        >
          {place === null ? 'Place' : rank}
        </button>
      </div>
      <ScrollRegion label={`Reply ${number}`} className={css.body}>
        {turns.length > 0 ? <TurnList turns={turns} as={as} /> : <Prose text={text} as={as} />}
      </ScrollRegion>
    </section>
  );
}
