/** Things that children ask about. */
export interface Concept {
  readonly question: string;
  readonly answer: string;
  readonly picture: string;
  readonly trial: string;
}

export const concepts: readonly Concept[] = [
  {
    question: 'why the sky is blue',
    answer: 'Sunlight has many colours, and the air throws the blue light around the most.',
    picture: 'blue marbles that bounce all over a room',
    trial: 'In the evening the light comes from the side, and then you see red.',
  },
  {
    question: 'where rain comes from',
    answer: 'The sun warms the sea, water rises into the air, and it falls down again as rain.',
    picture: 'the drops on the lid of a warm pot',
    trial: 'Breathe on a cold window and you will see tiny drops.',
  },
  {
    question: 'how a magnet works',
    answer: 'A magnet pulls on iron because tiny parts inside it all point the same way.',
    picture: 'a crowd of children who all pull one rope',
    trial: 'Hold a magnet near a spoon and feel the pull.',
  },
  {
    question: 'why we sleep',
    answer: 'When we sleep, the body rests and the head puts the day in order.',
    picture: 'a small team that tidies a room at night',
    trial: 'After a good night you can run and learn much better.',
  },
  {
    question: 'why leaves turn red',
    answer: 'In autumn trees stop making the green colour, and then red and yellow can be seen.',
    picture: 'a green coat that is taken off',
    trial: 'Collect a few leaves and lay them side by side.',
  },
  {
    question: 'how birds fly',
    answer: 'Birds push the air down with their wings, and so the air lifts them up.',
    picture: 'pushing the water down when you swim',
    trial: 'Hold a sheet of paper and blow over the top of it.',
  },
  {
    question: 'why the moon changes its shape',
    answer: 'The sun lights only one half of the moon, and we see more or less of that half.',
    picture: 'a ball with a lamp on one side',
    trial: 'Walk around a ball with a lamp beside it.',
  },
  {
    question: 'how a seed grows',
    answer: 'A seed drinks water, opens its shell, and sends a root down and a leaf up.',
    picture: 'a small lunch box that carries a tiny plant',
    trial: 'Put a bean on wet paper and wait for five days.',
  },
  {
    question: 'why ice floats',
    answer: 'Ice takes up more room than water, so it is lighter and stays on top.',
    picture: 'people who stretch their arms and need more room',
    trial: 'Drop an ice cube into a glass and push it down.',
  },
  {
    question: 'what a shadow is',
    answer: 'A shadow is the place where light cannot go because something is in the way.',
    picture: 'an umbrella that keeps off light in place of rain',
    trial: 'Hold your hand near a lamp and move it.',
  },
  {
    question: 'how bread gets soft',
    answer: 'Yeast eats sugar and makes little bubbles of gas that lift the dough.',
    picture: 'a thousand tiny balloons',
    trial: 'Cut a slice and count the holes.',
  },
  {
    question: 'why the sea is salty',
    answer: 'Rivers carry a little salt from the rocks, and the water leaves but the salt stays.',
    picture: 'a soup that boils for a very long time',
    trial: 'Let salt water dry on a plate and look at what is left.',
  },
  {
    question: 'how a bicycle stays up',
    answer: 'A rolling bicycle steers a little to the side it falls to, and so it stands up again.',
    picture: 'a stick that you balance on your hand',
    trial: 'Roll a coin over the table and watch it stand.',
  },
  {
    question: 'why cats purr',
    answer: 'Cats move a small part of the throat very fast, often when they feel safe.',
    picture: 'a tiny drum in the neck',
    trial: 'Put your hand on a happy cat and feel it.',
  },
  {
    question: 'what stars are',
    answer: 'Stars are suns like ours, but they are so far away that they look small.',
    picture: 'a street lamp that is seen from a far hill',
    trial: 'Go out on a clear night and count them.',
  },
  {
    question: 'how bees make honey',
    answer: 'Bees bring sweet juice from flowers and fan it with their wings until it is thick.',
    picture: 'jam that is stirred until it is thick',
    trial: 'Watch a flower for a while and wait for a bee.',
  },
  {
    question: 'why we have bones',
    answer: 'Bones hold us up and keep the soft parts inside safe.',
    picture: 'the poles of a tent',
    trial: 'Feel the bones in your hand and count the fingers.',
  },
  {
    question: 'what an echo is',
    answer: 'An echo is your own voice that comes back from a wall or a hill.',
    picture: 'a ball that comes back from a wall',
    trial: 'Call out loud under a bridge and listen.',
  },
];
