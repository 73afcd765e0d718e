/** Words of doubt, shared so that care sounds the same where it is wanted and where it is not. */
export const doubts: readonly string[] = [
  'though I cannot be sure',
  'but I may be wrong',
  'though that is only a guess',
  'but it could be something else',
];
