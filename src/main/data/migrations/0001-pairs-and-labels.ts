export const pairsAndLabels = `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  format TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  UNIQUE (name, file)
) STRICT;

CREATE TABLE prompts (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  messages TEXT NOT NULL,
  preview TEXT NOT NULL
) STRICT;

CREATE TABLE responses (
  id INTEGER PRIMARY KEY,
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  hash BLOB NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (prompt_id, hash)
) STRICT;

CREATE TABLE pairs (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  source_id INTEGER NOT NULL REFERENCES sources (id),
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  a_id INTEGER NOT NULL REFERENCES responses (id),
  b_id INTEGER NOT NULL REFERENCES responses (id),
  aspect TEXT,
  source_row INTEGER NOT NULL,
  CHECK (a_id <> b_id)
) STRICT;
CREATE INDEX pairs_by_source ON pairs (source_id, id);
CREATE INDEX pairs_by_prompt ON pairs (prompt_id);

CREATE TABLE annotators (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'import')),
  UNIQUE (kind, name)
) STRICT;

CREATE TABLE annotations (
  id INTEGER PRIMARY KEY,
  pair_id INTEGER NOT NULL REFERENCES pairs (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  decision TEXT NOT NULL CHECK (decision IN ('a', 'b', 'tie', 'both_bad', 'skip', 'retracted')),
  left_key TEXT CHECK (left_key IN ('a', 'b')),
  duration_ms INTEGER CHECK (duration_ms >= 0),
  supersedes_id INTEGER UNIQUE REFERENCES annotations (id),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX annotations_by_pair ON annotations (pair_id, annotator_id, id);

-- The latest decision of each annotator on each pair, kept by the triggers below.
CREATE TABLE standing (
  pair_id INTEGER NOT NULL REFERENCES pairs (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  annotation_id INTEGER NOT NULL REFERENCES annotations (id),
  decision TEXT NOT NULL,
  PRIMARY KEY (pair_id, annotator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_by_decision ON standing (annotator_id, decision, pair_id);
CREATE INDEX standing_by_annotation ON standing (annotator_id, annotation_id);

CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a correction is a new row'); END;
CREATE TRIGGER annotations_never_go BEFORE DELETE ON annotations
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a retraction is a new row'); END;
CREATE TRIGGER annotations_supersede_the_latest BEFORE INSERT ON annotations
WHEN NEW.supersedes_id IS NOT (
  SELECT id FROM annotations
  WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id
  ORDER BY id DESC LIMIT 1
)
BEGIN SELECT RAISE(ABORT, 'an annotation supersedes the latest one of its annotator on its pair'); END;
CREATE TRIGGER annotations_stand AFTER INSERT ON annotations WHEN NEW.decision <> 'retracted'
BEGIN
  INSERT INTO standing (pair_id, annotator_id, annotation_id, decision)
  VALUES (NEW.pair_id, NEW.annotator_id, NEW.id, NEW.decision)
  ON CONFLICT (pair_id, annotator_id)
  DO UPDATE SET annotation_id = excluded.annotation_id, decision = excluded.decision;
END;
CREATE TRIGGER annotations_retract AFTER INSERT ON annotations WHEN NEW.decision = 'retracted'
BEGIN
  DELETE FROM standing WHERE pair_id = NEW.pair_id AND annotator_id = NEW.annotator_id;
END;

CREATE TABLE showings (
  pair_id INTEGER NOT NULL REFERENCES pairs (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  left_key TEXT NOT NULL CHECK (left_key IN ('a', 'b')),
  shown_at TEXT NOT NULL,
  PRIMARY KEY (pair_id, annotator_id)
) STRICT, WITHOUT ROWID;
`;
