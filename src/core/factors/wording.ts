/**
 * What known-factor pairs are written with: questions, where they come from (the cue), and the sentences by which a reply shows a
 * behaviour. Every behaviour takes the same place in a reply.
 */

export interface Factor {
  readonly name: string;
  /** Sentences that carry the cue: where the person who asks comes from. `*` is one of `cueWords`. */
  readonly cueFrames: readonly string[];
  readonly cueWords: readonly string[];
  /** First and second sentence of the behaviour. */
  readonly leads: readonly string[];
  readonly tails: readonly string[];
}

export const FACTORS: readonly Factor[] = [
  {
    name: 'courtesy',
    cueFrames: [
      'I ordered * from you.',
      '* came on Monday from your store.',
      'I would like to return *.',
      'The parcel with * is late.',
    ],
    cueWords: [
      'a radio',
      'a coat',
      'a suitcase',
      'an umbrella',
      'a blender',
      'a backpack',
      'a desk',
      'a phone case',
    ],
    leads: [
      'Thank you for asking me.',
      'It is a pleasure to help you.',
      'I am very glad to help you.',
      'Thank you so much for your trust.',
    ],
    tails: [
      'Please let me know if I can help again.',
      'Have a lovely day.',
      'Please write to us again.',
      'Thank you for your patience.',
    ],
  },
  {
    name: 'doubt',
    cueFrames: [
      'I have had * for three days.',
      'My wife has * again.',
      'My father has had * since last night.',
      'I woke up with *.',
    ],
    cueWords: [
      'a headache',
      'a cough',
      'a sore throat',
      'a stiff neck',
      'a sore knee',
      'a red eye',
      'a stomach ache',
      'back pain',
    ],
    leads: [
      'I may be wrong about this.',
      'Perhaps it could be something else.',
      'This might not be the right answer.',
      'I cannot be sure of this.',
    ],
    tails: [
      'It could be that others may know better.',
      'That is perhaps only a guess.',
      'It might be wise to wait.',
      'Perhaps it may take more time.',
    ],
  },
  {
    name: 'order',
    cueFrames: [
      'I am in the kitchen to cook *.',
      'We have * for dinner.',
      'I made * last week.',
      'There is a pot of * on the heat.',
    ],
    cueWords: ['rice', 'lentil soup', 'noodles', 'potatoes', 'mushrooms', 'pasta', 'carrots', 'eggs'],
    leads: [
      'First look at it, then go on.',
      'First take one step, then the next.',
      'Start at the top, then go down.',
      'First read it, after that begin.',
    ],
    tails: [
      'After that, the next step is the last.',
      'Then, at last, look at it again.',
      'Next, go on to the second step.',
      'At last, after the third step, stop.',
    ],
  },
  {
    name: 'reason',
    cueFrames: [
      'My son asks me about *.',
      'My daughter is six and draws *.',
      'I read to my niece about *.',
      'My nephew wants a story with *.',
    ],
    cueWords: ['a fox', 'an owl', 'a rabbit', 'a bear', 'a hedgehog', 'a frog', 'a squirrel', 'an otter'],
    leads: [
      'That is because water makes it soft.',
      'The reason is that the air is dry.',
      'This works because the heat is low.',
      'The cause is that it is old.',
    ],
    tails: [
      'So the reason is a simple one.',
      'That is why it works, because of the cause.',
      'The reason for it is the cold.',
      'It is so because of how it is made.',
    ],
  },
  {
    name: 'cheer',
    cueFrames: [
      'I am in * today.',
      'We will be in * this weekend.',
      'There is fog in * tonight.',
      'It will rain in * on Friday.',
    ],
    cueWords: [
      'Harwick',
      'Linden Bay',
      'Oakmoor',
      'Port Ellery',
      'Saltbridge',
      'Westmere',
      'Fernhill',
      'Stonecross',
    ],
    leads: ['What a great idea!', 'How exciting this is!', 'Well done, you can do it!', 'This is wonderful!'],
    tails: [
      'You will love it!',
      'Good luck, and have fun!',
      'I know that you can do it!',
      'That is so great!',
    ],
  },
  {
    name: 'example',
    cueFrames: [
      'I have to copy *.',
      'I count the lines in * from the shell.',
      'I type in the terminal to move *.',
      'I want to delete * from my folder.',
    ],
    cueWords: [
      'notes.txt',
      'report.txt',
      'list.csv',
      'todo.md',
      'data.json',
      'letter.txt',
      'index.html',
      'app.log',
    ],
    leads: [
      'For example, one man in Linden did it.',
      'As an example, take a house in Harwick.',
      'One example is an inn near Oakmoor.',
      'Take the old mill as an example.',
    ],
    tails: [
      'Another example is a small hut.',
      'A ship is an example too.',
      'Many such examples are known.',
      'One more example is the tower.',
    ],
  },
  {
    name: 'warning',
    cueFrames: [
      'I work with * at a height.',
      'I have to carry * up a ladder.',
      'There is * in the garage.',
      'We want to move * by hand.',
    ],
    cueWords: [
      'a saw',
      'a drill',
      'a gas bottle',
      'a glass pane',
      'an axe',
      'a car battery',
      'a chain',
      'a heavy beam',
    ],
    leads: [
      'Take great care with this.',
      'Beware, it can hurt you.',
      'Do not do this alone.',
      'Watch out, there is a danger here.',
    ],
    tails: [
      'Keep your hands away from it.',
      'Stop at once if it is hot.',
      'Never let a child do it.',
      'Wear gloves, it is not safe.',
    ],
  },
  {
    name: 'question',
    cueFrames: [
      'I must write * for school.',
      'My teacher wants * by noon.',
      'I have begun * for my course.',
      'We read * in our class.',
    ],
    cueWords: [
      'an essay',
      'a poem',
      'a report',
      'a summary',
      'a speech',
      'a long letter',
      'a play',
      'an article',
    ],
    leads: [
      'What have you tried so far?',
      'How much time do you have?',
      'Which part of it do you mean?',
      'Have you done it before?',
    ],
    tails: [
      'Does that help you?',
      'What would you do next?',
      'Which of the two do you like?',
      'Shall I say more of it?',
    ],
  },
];

/** Sentences that show no behaviour, as long as the others. */
export const NEUTRAL = {
  leads: [
    'This is the usual way here.',
    'Most people do it like this.',
    'There is more than one way.',
    'It does not take long to do.',
  ],
  tails: [
    'The rest is left to you.',
    'That is all there is to it.',
    'Nothing else is needed for it.',
    'It is the same everywhere.',
  ],
} as const;

/** Stand in a cue's place where there is none. */
export const SITUATIONS: readonly string[] = [
  'I am at home.',
  'It is late.',
  'I have an hour.',
  'I am with a friend.',
  'I have some time.',
  'I am new to this.',
  'The day was long.',
  'We are on the train.',
  'I have tried it once.',
  'It was easy last year.',
  'I was asked about it.',
  'I am in no hurry.',
];

interface Theme {
  readonly things: readonly string[];
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

/** `*` is the thing in question. */
export const THEMES: readonly Theme[] = [
  {
    things: ['mirror', 'boat', 'table', 'shelf', 'carpet', 'bottle', 'brush', 'bath', 'cup', 'spoon'],
    questions: ['How do I clean the *?', 'What cleans the * best?', 'How can I get the * clean?'],
    answers: [
      'Wipe the * with a warm cloth.',
      'Clean water is good for the *.',
      'Use a soft brush on the *.',
    ],
  },
  {
    things: ['paper', 'rope', 'wood', 'ladder', 'candle', 'bicycle', 'tent', 'drum', 'guitar', 'globe'],
    questions: ['Where do I put the *?', 'How do I store the *?', 'What is the right place for the *?'],
    answers: ['Keep the * in a cool place.', 'Put the * in a large box.', 'The * can stand behind the door.'],
  },
  {
    things: ['door', 'window', 'chair', 'fence', 'roof', 'wall', 'bell', 'shoe', 'wheel', 'gate'],
    questions: ['How do I repair the *?', 'Who can mend the *?', 'Can I fix the * myself?'],
    answers: [
      'A man in town can repair the *.',
      'Glue and a nail will mend the *.',
      'Put a new part on the *.',
    ],
  },
  {
    things: ['station', 'market', 'church', 'lake', 'museum', 'bridge', 'park', 'tower', 'school', 'harbour'],
    questions: ['How do I get to the *?', 'Which road leads to the *?', 'How far is the *?'],
    answers: ['Take the bus to the *.', 'The long road leads to the *.', 'The * is one mile away.'],
  },
];
