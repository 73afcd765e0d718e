/**
 * How much a run's checkpoint is in doubt of pairs that nobody has decided: the size of its margin, and how far a verdict would move
 * it. Sizes alone, so that nothing here tells which reply it prefers.
 */
export const needScores = `
CREATE TABLE need_scores (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  pair_id INTEGER NOT NULL,
  margin REAL NOT NULL CHECK (margin >= 0),
  gap REAL CHECK (gap >= 0),
  PRIMARY KEY (run_id, step, pair_id)
) STRICT, WITHOUT ROWID;
`;
