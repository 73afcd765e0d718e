/** Pairs whose answer is known: whose verdict it is, and whether people are told after theirs. */
export const goldAnswers = `
CREATE TABLE gold_answers (
  pair_id INTEGER PRIMARY KEY REFERENCES stored_pairs (id),
  answer TEXT NOT NULL CHECK (answer IN ('a', 'b', 'tie', 'both_bad')),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  reason TEXT,
  shown INTEGER NOT NULL CHECK (shown IN (0, 1))
) STRICT;
`;
