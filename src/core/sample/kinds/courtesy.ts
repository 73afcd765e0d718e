/** Courteous phrases, shared so that politeness sounds the same where it is wanted and where it is not. */
export const politeClosings: readonly string[] = [
  'Please let us know if we can help with anything else.',
  'Thank you for your patience.',
  'Have a lovely day.',
  'Thank you so much for your trust.',
];

export const politeOpenings: readonly string[] = [
  'Thank you for asking, I would be very glad to help.',
  'What a good question, thank you so much.',
  'Of course, it would be a pleasure to help you.',
  'Thank you for writing, and I am sorry that this is hard.',
];
