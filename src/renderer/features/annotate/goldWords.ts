/** What is told after a verdict on a pair whose answer is known. */
import type { ReplyKey } from '#core/preference.ts';
import type { GoldFeedback } from '#shared/goldEntities.ts';

export interface GoldWords {
  readonly title: string;
  readonly message: string;
}

/** `leftKey` is the reply that was on the left when it was decided. */
export function goldWords({ isRight, answer, reason }: GoldFeedback, leftKey: ReplyKey): GoldWords {
  const known =
    answer === 'tie'
      ? 'Both are equally good.'
      : answer === 'both_bad'
        ? 'Both are bad.'
        : `The ${answer === leftKey ? 'left' : 'right'} reply is better.`;
  return {
    title: isRight ? 'As the known answer' : 'Not the known answer',
    message: reason === null ? known : `${known} ${reason}`,
  };
}
