/**
 * Guidelines in versions. The one with the highest number is in force; those without a number came with a file, beside
 * the project's own. A verdict knows the version that was on its page: null for verdicts from before versions were kept.
 */
export const guidelineVersions = `
CREATE TABLE guideline_versions (
  id INTEGER PRIMARY KEY,
  number INTEGER UNIQUE CHECK (number > 0),
  text TEXT NOT NULL,
  note TEXT NOT NULL,
  author TEXT,
  saved_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER guideline_versions_never_change BEFORE UPDATE OF id, text, note, author, saved_at ON guideline_versions
BEGIN SELECT RAISE(ABORT, 'a version of the guidelines stays as it was: a change is a new one'); END;

CREATE TABLE guideline_readers (
  annotator_id INTEGER PRIMARY KEY REFERENCES annotators (id),
  number INTEGER NOT NULL
) STRICT;
ALTER TABLE annotations ADD COLUMN guidelines_id INTEGER REFERENCES guideline_versions (id);

INSERT INTO guideline_versions (number, text, note, saved_at)
SELECT 1, coalesce(json_extract(value, '$.guidelines'), ''), '', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
FROM settings WHERE key = 'project';
INSERT INTO guideline_readers (annotator_id, number)
SELECT id, 1 FROM annotators WHERE kind = 'person' AND EXISTS (SELECT 1 FROM guideline_versions);
UPDATE settings SET value = json_remove(value, '$.guidelines') WHERE key = 'project';
`;
