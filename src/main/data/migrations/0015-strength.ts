/** How much better the preferred reply is, where whoever decided said so, on their own scale. */
export const strength = `
ALTER TABLE annotations ADD COLUMN strength REAL CHECK (strength > 0);

DROP TRIGGER annotations_restore_the_same;
CREATE TRIGGER annotations_restore_the_same BEFORE INSERT ON annotations
WHEN NEW.restores_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM annotations AS earlier WHERE earlier.id = NEW.restores_id AND earlier.action = 'decide'
    AND earlier.pair_id = NEW.pair_id AND earlier.annotator_id = NEW.annotator_id
    AND earlier.decision = NEW.decision AND coalesce(earlier.left_key, NEW.left_key) = NEW.left_key
    AND earlier.duration_ms IS NEW.duration_ms AND earlier.strength IS NEW.strength
)
BEGIN SELECT RAISE(ABORT, 'what is put back in force is an earlier decision as it was'); END;
`;
