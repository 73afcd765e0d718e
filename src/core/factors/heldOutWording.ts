/** Another wording of four factors, on which no setting was ever chosen: neither cues nor sentences are those of wording.ts. */
import type { Factor } from './wording.ts';

export const HELD_OUT_FACTORS: readonly Factor[] = [
  {
    name: 'courtesy',
    cueFrames: [
      'My order of * is not here yet.',
      'You sent me * by mistake.',
      'I paid for * last week.',
      'Can I exchange * at your shop?',
    ],
    cueWords: [
      'a lamp',
      'a jacket',
      'a kettle',
      'a chair cover',
      'a watch',
      'a rug',
      'a toaster',
      'a mirror frame',
    ],
    leads: [
      'We are happy that you wrote to us.',
      'Thanks a lot for your question.',
      'It is kind of you to ask.',
      'We are so sorry for the wait.',
    ],
    tails: [
      'We wish you a very nice day.',
      'Please call us at any time.',
      'We are always glad to help.',
      'Thanks again, and kind regards.',
    ],
  },
  {
    name: 'doubt',
    cueFrames: [
      'My mother has * today.',
      'For a week I have had *.',
      'Our son came home with *.',
      'Since Monday there has been * again.',
    ],
    cueWords: [
      'a fever',
      'a rash',
      'a blocked nose',
      'a swollen foot',
      'an earache',
      'a toothache',
      'a cold',
      'a burn',
    ],
    leads: [
      'It is hard to say for certain.',
      'I would not be too sure of it.',
      'Maybe I am mistaken here.',
      'There may well be another reason.',
    ],
    tails: [
      'Someone else might see it in another way.',
      'It may or may not be of use.',
      'I could be wrong, so ask again.',
      'Nobody can be quite certain here.',
    ],
  },
  {
    name: 'order',
    cueFrames: ['There are * in my pan.', 'Tonight I cook *.', 'I have to fry *.', 'My guests would like *.'],
    cueWords: ['onions', 'fish cakes', 'pancakes', 'beans', 'tomatoes', 'dumplings', 'peppers', 'omelettes'],
    leads: [
      'Step one is to begin with the front.',
      'To begin with, take it in your hand.',
      'Do one thing first, the rest later.',
      'Begin here, and then move along.',
    ],
    tails: [
      'Step two comes then, and step three last.',
      'Finally, do the last part of it.',
      'When that is done, take the next step.',
      'Then come to the end, step by step.',
    ],
  },
  {
    name: 'reason',
    cueFrames: [
      'My little girl drew *.',
      'The children in my class like *.',
      'At bedtime we talk of *.',
      'My grandson is five and loves *.',
    ],
    cueWords: ['a mouse', 'a duck', 'a wolf', 'a pony', 'a snail', 'a whale', 'a lion', 'a bee'],
    leads: [
      'It works like that since heat makes it dry.',
      'Why is that? The air carries it away.',
      'The cause lies in how soft it is.',
      'That comes from the water in it.',
    ],
    tails: [
      'This is the cause of it all.',
      'And that explains why it is so.',
      'It happens since the cold gets in.',
      'Hence it works in this way.',
    ],
  },
];
