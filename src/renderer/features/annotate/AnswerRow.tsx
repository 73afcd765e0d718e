import css from './annotate.module.css';

interface Answer {
  readonly value: string;
  /** What is on the button, and what it is called. */
  readonly face: string;
  readonly name: string;
}
interface Props {
  readonly label: string;
  readonly title?: string | undefined;
  /** The key that asks this. */
  readonly keyName: string | null;
  readonly answers: readonly Answer[];
  readonly value: string | null;
  /** The digits answer this now. */
  readonly asked: boolean;
  readonly required: boolean;
  readonly onAnswer: (value: string) => void;
}

/** A question whose answers are buttons, numbered for the digits. */
export function AnswerRow({ label, title, keyName, answers, value, asked, required, onAnswer }: Props) {
  return (
    <fieldset className={css.question} data-asked={asked || undefined} title={title}>
      <legend className="visually-hidden">
        {`${label}${required ? ', required' : ''}${asked ? ', the digits answer it now' : ''}`}
      </legend>
      <span className={css.questionName} aria-hidden="true">
        {label}
        {required && <span className={css.required}>*</span>}
        {keyName !== null && <span className={css.questionKey}>{keyName}</span>}
      </span>
      <span className={css.answers}>
        {answers.map((answer, index) => (
          <button
            key={answer.value}
            type="button"
            className={css.answer}
            aria-pressed={value === answer.value}
            aria-label={answer.name}
            title={answer.name}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onAnswer(answer.value)}
          >
            <span className={css.answerDigit} aria-hidden="true">
              {index + 1}
            </span>
            {answer.face}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
