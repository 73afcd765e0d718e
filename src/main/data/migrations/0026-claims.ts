/** Pairs that are on somebody's screen, until when (milliseconds since 1970). */
export const claims = `
CREATE TABLE claims (
  pair_id INTEGER NOT NULL REFERENCES stored_pairs (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  until INTEGER NOT NULL,
  PRIMARY KEY (pair_id, annotator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_of_annotator ON claims (annotator_id);
`;
