import { STRENGTH_SCALES } from '#core/verdictAttributes.ts';
import { Keycap } from '../../../components/Keycap.tsx';
import { AnswerRow } from '../AnswerRow.tsx';
import details from '../annotate.module.css';
import { useCap } from '../keys/keyStore.ts';
import { strengthWord } from '../scale.ts';
import { ordinal } from './order.ts';
import css from './ranking.module.css';
import { isBegun, orderAbout } from './rankingDraft.ts';
import type { RankingHand } from './useRanking.ts';

interface Props {
  readonly hand: RankingHand;
}

/** By what the replies are put in order: over all, or by one of the project's aspects. */
export function RankAbout({ hand }: Props) {
  const { draft, about, rules, set } = hand;
  const cap = useCap();
  if (rules.aspects.length === 0) return null;
  const ids = set.replies.map(({ id }) => id);
  const state = (name: string | null): string => {
    if (name !== null && draft.aspects[name] === 'na') return 'does not apply';
    if (orderAbout(draft, name).length === 0) return '';
    return isBegun(draft, name, ids) ? 'begun' : 'done';
  };
  const tab = (name: string | null, label: string, required: boolean, title?: string) => (
    <button
      key={label}
      type="button"
      className={css.about}
      aria-pressed={about === name}
      title={title}
      aria-label={`By ${label}${required ? ', required' : ''}${state(name) === '' ? '' : `, ${state(name)}`}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => hand.turnTo(name)}
    >
      {label}
      {required && <span className={details.required}>*</span>}
      <span aria-hidden="true">
        {{ done: ' ✓', begun: ' …', 'does not apply': ' n/a' }[state(name)] ?? ''}
      </span>
    </button>
  );
  return (
    <div className={css.abouts} role="toolbar" aria-label="Put in order">
      {tab(null, 'Over all', false)}
      {rules.aspects.map(({ name, description, required }) =>
        tab(name, name, required, description === '' ? undefined : description),
      )}
      <Keycap>{cap('aspects') ?? ''}</Keycap>
      {about !== null && (
        <button
          type="button"
          className={css.about}
          aria-pressed={draft.aspects[about] === 'na'}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => hand.act('notApply')}
        >
          Does not apply <Keycap>{cap('notApply') ?? ''}</Keycap>
        </button>
      )}
    </div>
  );
}

/** How much better a place is than the next one: answered by the digits, as for a pair. */
export function RankStep({ hand }: Props) {
  const { asking, rules, draft, answerStep } = hand;
  if (asking === null || asking >= draft.order.length - 1) return null;
  const digits = Array.from({ length: STRENGTH_SCALES[rules.strength] }, (_, index) => index + 1);
  const word = (strength: number): string => strengthWord(rules.strength, strength) ?? '';
  const step = hand.steps[asking] ?? null;
  return (
    <section className={details.details} aria-label="How much better">
      <AnswerRow
        label={`${ordinal(asking)} over ${ordinal(asking + 1)}`}
        keyName={null}
        answers={digits.map((strength) => ({
          value: String(strength),
          face: word(strength),
          name: `${word(strength)} better`,
        }))}
        value={step === null ? null : String(step)}
        asked
        required
        onAnswer={(value) => answerStep(Number(value))}
      />
    </section>
  );
}
