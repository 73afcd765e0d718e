/**
 * Ratings of single replies. Each lies on the one before it of its person (`below_id`): `rating_heads` has the latest in
 * force, undo goes one down, redo one up to the latest that was put there. `rated` has what stands on each reply; a null
 * value is a skip.
 */
export const ratings = `
CREATE TABLE ratings (
  id INTEGER PRIMARY KEY,
  response_id INTEGER NOT NULL REFERENCES responses (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  scale TEXT NOT NULL CHECK (scale IN ('thumbs', 'five')),
  value INTEGER CHECK (value BETWEEN 0 AND 5),
  duration_ms INTEGER CHECK (duration_ms >= 0),
  previous_id INTEGER REFERENCES ratings (id),
  below_id INTEGER REFERENCES ratings (id),
  request_id TEXT,
  guidelines_id INTEGER REFERENCES guideline_versions (id),
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ratings_by_request ON ratings (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ratings_by_below ON ratings (annotator_id, below_id, id);
CREATE INDEX ratings_by_response ON ratings (response_id, id);
CREATE TRIGGER ratings_never_change BEFORE UPDATE ON ratings
BEGIN SELECT RAISE(ABORT, 'ratings are append-only: a correction is a new row'); END;

CREATE TABLE rated (
  response_id INTEGER NOT NULL REFERENCES responses (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  rating_id INTEGER NOT NULL REFERENCES ratings (id),
  scale TEXT NOT NULL,
  value INTEGER,
  PRIMARY KEY (response_id, annotator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rated_of_person ON rated (annotator_id, value);

CREATE TABLE rating_heads (
  annotator_id INTEGER PRIMARY KEY REFERENCES annotators (id),
  rating_id INTEGER REFERENCES ratings (id)
) STRICT;
`;
