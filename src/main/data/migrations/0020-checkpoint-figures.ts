import { addFigures } from './complete.ts';

/**
 * Codes and margins belong to a checkpoint: run and step. Which are stored is told by `checkpoint_figures`, whose row comes
 * last. `codes_wanted`: checkpoints whose codes are still to be read. The table of pairs shows the figures of the checkpoint
 * that a person chose, or of the only run that has any.
 */
export const checkpointFigures = `
CREATE TABLE checkpoint_figures (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  prompts INTEGER NOT NULL DEFAULT 0,
  pairs INTEGER NOT NULL DEFAULT 0,
  -- CodeEvidence as JSON.
  evidence TEXT,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE codes_wanted (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

DROP INDEX code_activations_by_top;
ALTER TABLE code_activations RENAME TO old_activations;
CREATE TABLE code_activations (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  prompt_id INTEGER NOT NULL REFERENCES stored_prompts (id),
  top_code INTEGER NOT NULL,
  top_weight REAL NOT NULL,
  weights BLOB NOT NULL,
  PRIMARY KEY (run_id, step, prompt_id)
) STRICT, WITHOUT ROWID;
INSERT INTO code_activations
SELECT run_id, coalesce(codes_step, runs.step), prompt_id, top_code, top_weight, weights
FROM old_activations JOIN runs ON runs.id = run_id ORDER BY run_id, prompt_id;
DROP TABLE old_activations;
CREATE INDEX code_activations_by_top ON code_activations (run_id, step, top_code, top_weight);

ALTER TABLE pair_results RENAME TO old_results;
CREATE TABLE pair_results (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  step INTEGER NOT NULL,
  pair_id INTEGER NOT NULL REFERENCES stored_pairs (id),
  margin REAL NOT NULL,
  reward_chosen REAL NOT NULL,
  reward_rejected REAL NOT NULL,
  posterior_margin REAL,
  swapped_margin REAL,
  kl REAL,
  PRIMARY KEY (run_id, step, pair_id)
) STRICT, WITHOUT ROWID;
INSERT INTO pair_results
SELECT run_id, coalesce((SELECT step FROM checkpoints WHERE run_id = runs.id AND kind = 'last'), runs.step), pair_id, margin,
  reward_chosen, reward_rejected, posterior_margin, swapped_margin, kl
FROM old_results JOIN runs ON runs.id = run_id ORDER BY run_id, pair_id;
DROP TABLE old_results;

INSERT INTO checkpoint_figures (run_id, step, prompts)
SELECT run_id, step, count(*) FROM code_activations GROUP BY run_id, step;
INSERT INTO checkpoint_figures (run_id, step, pairs)
SELECT run_id, step, count(*) FROM pair_results WHERE true GROUP BY run_id, step
ON CONFLICT (run_id, step) DO UPDATE SET pairs = excluded.pairs;

ALTER TABLE runs DROP COLUMN codes_step;
UPDATE run_frames SET frame = json_set(frame, '$.causes.gainOverOff', NULL, '$.causes.gainOverShared', NULL)
WHERE type = 'causes' AND json_type(frame, '$.causes') = 'object';

${addFigures('step', ['preferenceLoss', 'klLoss', 'bonusLoss'])}
${addFigures('evaluation', ['accuracyLow', 'accuracyHigh'])}

CREATE VIEW shown_figures AS
WITH chosen AS (
  SELECT json_extract(value, '$.runId') AS run_id, json_extract(value, '$.kind') AS kind
  FROM settings WHERE key = 'shownFigures' AND value <> 'null'
)
SELECT figures.run_id, figures.step FROM chosen
JOIN checkpoints ON checkpoints.run_id = chosen.run_id AND checkpoints.kind = chosen.kind
JOIN checkpoint_figures AS figures ON figures.run_id = checkpoints.run_id AND figures.step = checkpoints.step
UNION ALL
SELECT min(run_id), max(step) FROM checkpoint_figures
WHERE NOT EXISTS (SELECT 1 FROM chosen) HAVING count(DISTINCT run_id) = 1;
`;
