/**
 * One history of decisions per annotator. Each decision lies on the one before it (`steps`); `annotators.step_id` is
 * the latest that is in force. Undo goes one down, redo one up, to the latest that was put there: a new decision hides
 * those that were taken back. The log stays append-only: an undo or a redo is a row that puts an earlier row back in
 * force, and what stands is that earlier row, with its time and sides.
 */
export const labelHistory = `
ALTER TABLE annotations ADD COLUMN action TEXT NOT NULL DEFAULT 'decide'
  CHECK (action IN ('decide', 'undo', 'redo'));
ALTER TABLE annotations ADD COLUMN restores_id INTEGER REFERENCES annotations (id);
ALTER TABLE annotations ADD COLUMN request_id TEXT;
CREATE UNIQUE INDEX annotations_by_request ON annotations (request_id) WHERE request_id IS NOT NULL;

DROP TRIGGER annotations_never_change;
UPDATE annotations SET action = 'undo' WHERE decision = 'retracted';
CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
BEGIN SELECT RAISE(ABORT, 'annotations are append-only: a correction is a new row'); END;

CREATE TRIGGER annotations_restore_the_same BEFORE INSERT ON annotations
WHEN NEW.restores_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM annotations AS earlier WHERE earlier.id = NEW.restores_id AND earlier.action = 'decide'
    AND earlier.pair_id = NEW.pair_id AND earlier.annotator_id = NEW.annotator_id
    AND earlier.decision = NEW.decision AND coalesce(earlier.left_key, NEW.left_key) = NEW.left_key
    AND earlier.duration_ms IS NEW.duration_ms
)
BEGIN SELECT RAISE(ABORT, 'what is put back in force is an earlier decision as it was'); END;

DROP TRIGGER annotations_stand;
CREATE TRIGGER annotations_stand AFTER INSERT ON annotations
WHEN NEW.decision <> 'retracted' AND NEW.pair_id <= (SELECT last_pair FROM visible)
BEGIN
  INSERT INTO standing (pair_id, annotator_id, annotation_id, decision)
  VALUES (NEW.pair_id, NEW.annotator_id, coalesce(NEW.restores_id, NEW.id), NEW.decision)
  ON CONFLICT (pair_id, annotator_id)
  DO UPDATE SET annotation_id = excluded.annotation_id, decision = excluded.decision;
END;

CREATE TABLE steps (
  annotation_id INTEGER PRIMARY KEY REFERENCES annotations (id),
  annotator_id INTEGER NOT NULL REFERENCES annotators (id),
  below_id INTEGER REFERENCES steps (annotation_id)
) STRICT;
CREATE INDEX steps_by_below ON steps (annotator_id, below_id, annotation_id);
ALTER TABLE annotators ADD COLUMN step_id INTEGER REFERENCES steps (annotation_id);

-- What was taken back so far left its pair undecided, whatever had been decided before on it: none of it comes back.
INSERT INTO steps (annotation_id, annotator_id, below_id)
SELECT id, annotator_id, lag(id) OVER (PARTITION BY annotator_id ORDER BY id)
FROM annotations
WHERE action = 'decide' AND annotator_id IN (SELECT id FROM annotators WHERE kind = 'person')
  AND NOT EXISTS (
    SELECT 1 FROM annotations AS later WHERE later.pair_id = annotations.pair_id
      AND later.annotator_id = annotations.annotator_id AND later.id > annotations.id
      AND later.action = 'undo'
  );
UPDATE annotators SET step_id = (SELECT max(annotation_id) FROM steps WHERE annotator_id = annotators.id);
`;
