import type { ReplyKey } from '#core/preference.ts';
import {
  type AspectAnswer,
  MOST_CONFIDENCE,
  STRENGTH_SCALES,
  type VerdictRules,
} from '#core/verdictAttributes.ts';
import { AnswerRow } from './AnswerRow.tsx';
import css from './annotate.module.css';
import { useCap } from './keys/keyStore.ts';
import { SaidText } from './SaidText.tsx';
import { strengthWord } from './scale.ts';
import type { VerdictHand } from './useVerdict.ts';
import { aspectAnswers } from './verdictDraft.ts';

interface Props {
  readonly rules: VerdictRules;
  readonly hand: VerdictHand;
  readonly leftKey: ReplyKey;
}

const CONFIDENCE_NAMES = ['a guess', 'not very sure', 'fairly sure', 'sure', 'certain'] as const;
const confidenceWord = (confidence: number): string => CONFIDENCE_NAMES[confidence - 1] ?? String(confidence);

/** Whether the project asks for more than a verdict. */
export const asksMore = ({ strength, aspects, rationale, confidence }: VerdictRules): boolean =>
  strength !== 'none' || aspects.length > 0 || rationale !== 'off' || confidence !== 'off';

const digits = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index + 1);
const ANSWER_FACES = ['Left', 'Right', 'Tie', 'n/a'] as const;
const ANSWER_NAMES = ['left better', 'right better', 'tie', 'does not apply'] as const;

/** All that is asked of a verdict beside which reply is better; what is asked now is outlined. */
export function VerdictDetails({ rules, hand, leftKey }: Props) {
  const { draft } = hand;
  const { said, asking } = draft;
  const cap = useCap();
  const hasFlag = said.flag !== null || asking === 'flag';
  const hasReason = rules.rationale !== 'off';
  if (!asksMore(rules) && !hasFlag) return null;
  return (
    <section className={css.details} aria-label="More about the verdict">
      {rules.strength !== 'none' && (
        <AnswerRow
          label="How much better"
          keyName={null}
          answers={digits(STRENGTH_SCALES[rules.strength]).map((strength) => ({
            value: String(strength),
            face: strengthWord(rules.strength, strength) ?? '',
            name: `${strengthWord(rules.strength, strength)} better`,
          }))}
          value={said.strength === null ? null : String(said.strength)}
          asked={asking === 'strength'}
          required
          onAnswer={(value) =>
            draft.choice === 'left' || draft.choice === 'right'
              ? hand.choose(draft.choice, Number(value))
              : hand.say({ strength: Number(value) })
          }
        />
      )}
      {rules.aspects.map(({ name, description, required }, place) => (
        <AnswerRow
          key={name}
          label={name}
          title={description === '' ? undefined : description}
          keyName={place === 0 ? (cap('aspects') ?? null) : null}
          answers={aspectAnswers(leftKey).map((answer, index) => ({
            value: answer,
            face: ANSWER_FACES[index] ?? '',
            name: `${name}: ${ANSWER_NAMES[index]}`,
          }))}
          value={said.aspects[name] ?? null}
          asked={asking === 'aspects' && draft.aspect === place}
          required={required}
          onAnswer={(answer) => hand.answerAspect(place, answer as AspectAnswer)}
        />
      ))}
      {rules.confidence !== 'off' && (
        <AnswerRow
          label="How sure"
          keyName={cap('confidence') ?? null}
          answers={digits(MOST_CONFIDENCE).map((confidence) => ({
            value: String(confidence),
            face: '',
            name: confidenceWord(confidence),
          }))}
          value={said.confidence === null ? null : String(said.confidence)}
          asked={asking === 'confidence'}
          required={rules.confidence === 'required'}
          onAnswer={(value) => hand.sure(Number(value))}
        />
      )}
      {hasReason && (
        <SaidText
          label="Why"
          keyName={cap('rationale') ?? null}
          placeholder={
            hand.wantsReason
              ? 'Others say otherwise of this pair: what decided it for you?'
              : rules.rationale === 'required'
                ? 'What decided it'
                : 'What decided it, if it is worth saying'
          }
          value={said.rationale ?? ''}
          asked={asking === 'rationale'}
          required={rules.rationale === 'required' || hand.wantsReason}
          onFocus={() => asking !== 'rationale' && hand.ask('rationale')}
          onChange={(rationale) => hand.say({ rationale })}
          onEnter={hand.goOn}
          onLeave={hand.letGo}
        />
      )}
      {hasFlag && (
        <SaidText
          label="Flag"
          keyName={cap('flag') ?? null}
          placeholder="Why does this pair want attention?"
          value={said.flag ?? ''}
          asked={asking === 'flag'}
          required={false}
          onFocus={() => asking !== 'flag' && hand.ask('flag')}
          onChange={(flag) => hand.say({ flag: flag === '' ? null : flag })}
          onEnter={hand.goOn}
          onLeave={hand.letGo}
        />
      )}
    </section>
  );
}
