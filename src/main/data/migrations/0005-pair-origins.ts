/** How a pair that was written by a policy came about, as JSON: model, run, sampling, seed, codes of each reply. */
export const pairOrigins = `
CREATE TABLE pair_origins (
  pair_id INTEGER PRIMARY KEY REFERENCES pairs (id),
  origin TEXT NOT NULL
) STRICT;
`;
