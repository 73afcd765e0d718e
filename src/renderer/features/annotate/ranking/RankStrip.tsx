import { strengthWord } from '../scale.ts';
import { dragged, useDrop } from './drag.ts';
import { notPlaced, ordinal, putAt, putWith, without } from './order.ts';
import css from './ranking.module.css';
import type { RankingHand } from './useRanking.ts';

interface Props {
  readonly hand: RankingHand;
}

/** The order so far, from the best on; what is dragged goes between two places, on one for a tie, or off. */
export function RankStrip({ hand }: Props) {
  const { set, order, tieNext, change, about, draft } = hand;
  const ids = set.replies.map(({ id }) => id);
  const open = notPlaced(order, ids);
  const off = useDrop((id) => change(without(order, id), id));
  return (
    <div className={css.strip}>
      <ol className={css.places} aria-label={`Ranking${about === null ? '' : ` by ${about}`} so far`}>
        {order.map((some, place) => (
          <li key={some.join()} className={css.placeItem}>
            {place > 0 && about === null && <Step hand={hand} above={place - 1} />}
            <Gap onTake={(id) => change(putAt(order, id, place, ids), id)} />
            <Place
              name={ordinal(place)}
              onTake={(id) => change(putWith(order, id, some[0] as number, ids), id)}
            >
              {some.map((id) => (
                <ReplyChip key={id} hand={hand} id={id} />
              ))}
              {tieNext && place === order.length - 1 && <span className={css.tie}>= …</span>}
            </Place>
          </li>
        ))}
        <li className={css.placeItem}>
          <Gap isLast={order.length === 0} onTake={(id) => change(putAt(order, id, order.length, ids), id)}>
            {about !== null && draft.aspects[about] === 'na'
              ? `${about} does not apply to these replies.`
              : order.length === 0 &&
                `Press 1 to ${ids.length} for the best, then the next; or drag a reply here.`}
          </Gap>
        </li>
      </ol>
      <div className={css.open} {...off}>
        <span className="small faint">{open.length === 0 ? 'All placed' : 'Not placed'}</span>
        {open.map((id) => (
          <ReplyChip key={id} hand={hand} id={id} />
        ))}
      </div>
    </div>
  );
}

/** How much better the place before it is; a press asks for it. */
function Step({ hand, above }: Props & { readonly above: number }) {
  const { rules, steps, asking, isWhole } = hand;
  if (rules.strength === 'none' || !isWhole) return null;
  const step = steps[above] ?? null;
  const word = step === null ? null : strengthWord(rules.strength, step);
  return (
    <button
      type="button"
      className={css.step}
      data-asked={asking === above || undefined}
      data-open={step === null || undefined}
      aria-pressed={asking === above}
      aria-label={`${ordinal(above)} over ${ordinal(above + 1)}: ${word === null ? 'how much better?' : `${word} better`}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => hand.ask(asking === above ? null : above)}
    >
      {word ?? 'how much?'}
    </button>
  );
}

interface DropProps {
  readonly onTake: (id: number) => void;
  readonly children?: React.ReactNode;
}

function Gap({ onTake, isLast = false, children }: DropProps & { readonly isLast?: boolean }) {
  const drop = useDrop(onTake);
  return (
    <span className={css.gap} data-wide={isLast || undefined} {...drop}>
      {children}
    </span>
  );
}

function Place({ name, onTake, children }: DropProps & { readonly name: string }) {
  const drop = useDrop(onTake);
  return (
    <span className={css.place} {...drop}>
      <span className={css.placeName}>{name}</span>
      {children}
    </span>
  );
}

function ReplyChip({ hand, id }: Props & { readonly id: number }) {
  const number = hand.set.replies.findIndex((reply) => reply.id === id) + 1;
  return (
    <button
      type="button"
      className={css.chip}
      aria-label={`Reply ${number}`}
      aria-pressed={hand.selected === id}
      onClick={() => hand.select(id)}
      {...dragged(id)}
    >
      {number}
    </button>
  );
}
