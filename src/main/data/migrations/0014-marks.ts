/**
 * Sets of pairs that people make: tags, pairs left out of use, pairs to be labelled first. Bit n of `bits` in row `word` is
 * pair 32 · word + n, so that a million pairs are marked in some thousand rows. A change is first written whole
 * (`mark_changes`: words and bits as two runs of 32-bit integers), then applied in pieces; one that was broken off is
 * applied when the project is next opened. It holds only what it changed, so that taking it back gives what was there.
 */
export const marks = `
CREATE TABLE marks (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('deleted', 'excluded', 'first', 'tag')),
  name TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kind, name)
) STRICT;
INSERT INTO marks (id, kind, name) VALUES (1, 'deleted', ''), (2, 'excluded', ''), (3, 'first', '');

CREATE TABLE marked_pairs (
  mark_id INTEGER NOT NULL REFERENCES marks (id),
  word INTEGER NOT NULL,
  bits INTEGER NOT NULL,
  PRIMARY KEY (mark_id, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE mark_changes (
  id INTEGER PRIMARY KEY,
  mark_id INTEGER NOT NULL REFERENCES marks (id),
  adds INTEGER NOT NULL CHECK (adds IN (0, 1)),
  pairs INTEGER NOT NULL,
  words BLOB NOT NULL,
  annotator_id INTEGER REFERENCES annotators (id),
  made_at TEXT NOT NULL,
  undone_at TEXT,
  -- What pieces still write: nothing, or this state of the change.
  writing INTEGER CHECK (writing IN (0, 1))
) STRICT;
CREATE INDEX mark_changes_in_force ON mark_changes (annotator_id, id) WHERE undone_at IS NULL;

-- Deleted or excluded, for the view of the pairs that are in use.
CREATE TABLE left_out (
  word INTEGER PRIMARY KEY,
  bits INTEGER NOT NULL
) STRICT;
CREATE TRIGGER marks_leave_out AFTER INSERT ON marked_pairs WHEN NEW.mark_id IN (1, 2)
BEGIN
  INSERT INTO left_out VALUES (NEW.word, NEW.bits) ON CONFLICT DO UPDATE SET bits = bits | excluded.bits;
END;
CREATE TRIGGER marks_leave_out_otherwise AFTER UPDATE ON marked_pairs WHEN NEW.mark_id IN (1, 2)
BEGIN
  UPDATE left_out SET bits = NEW.bits | coalesce(
    (SELECT bits FROM marked_pairs WHERE mark_id = 3 - NEW.mark_id AND word = NEW.word), 0)
  WHERE word = NEW.word;
END;

-- Pairs that can be seen; those that are in use are among them.
DROP VIEW pairs;
CREATE VIEW all_pairs AS SELECT * FROM stored_pairs
WHERE id <= (SELECT last_pair FROM visible) AND id NOT IN (SELECT pair_id FROM set_aside);
CREATE VIEW pairs AS SELECT * FROM all_pairs WHERE NOT coalesce(
  (SELECT bits >> (all_pairs.id & 31) & 1 FROM left_out WHERE word = all_pairs.id >> 5), 0);

-- Of each block of pairs: characters of prompt, reply A and reply B, as 32-bit integers, and the language as two letters.
CREATE TABLE text_facts (
  first_pair INTEGER PRIMARY KEY,
  last_pair INTEGER NOT NULL,
  lengths BLOB NOT NULL,
  languages BLOB NOT NULL
) STRICT;

-- A way to look at the table: filter, order and columns, as JSON.
CREATE TABLE views (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  view TEXT NOT NULL
) STRICT;
`;
