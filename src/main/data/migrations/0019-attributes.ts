/** What a verdict says beside which reply is better. Aspects are a JSON object of answers by name. */
export const attributes = `
ALTER TABLE annotations ADD COLUMN confidence INTEGER CHECK (confidence BETWEEN 1 AND 5);
ALTER TABLE annotations ADD COLUMN rationale TEXT;
ALTER TABLE annotations ADD COLUMN flag TEXT;
ALTER TABLE annotations ADD COLUMN aspects TEXT CHECK (json_valid(aspects));
CREATE INDEX annotations_by_flag ON annotations (pair_id) WHERE flag IS NOT NULL;

DROP TRIGGER annotations_restore_the_same;
CREATE TRIGGER annotations_restore_the_same BEFORE INSERT ON annotations
WHEN NEW.restores_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM annotations AS earlier WHERE earlier.id = NEW.restores_id AND earlier.action = 'decide'
    AND earlier.pair_id = NEW.pair_id AND earlier.annotator_id = NEW.annotator_id
    AND earlier.decision = NEW.decision AND coalesce(earlier.left_key, NEW.left_key) IS NEW.left_key
    AND earlier.duration_ms IS NEW.duration_ms AND earlier.strength IS NEW.strength
    AND earlier.confidence IS NEW.confidence AND earlier.rationale IS NEW.rationale
    AND earlier.flag IS NEW.flag AND earlier.aspects IS NEW.aspects
)
BEGIN SELECT RAISE(ABORT, 'what is put back in force is an earlier decision as it was'); END;
`;
