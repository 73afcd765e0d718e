/** What people call codes and say of them and of runs. A run that was deleted can be brought back until the project is opened again. */
export const names = `
CREATE TABLE code_names (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  code INTEGER NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (run_id, code)
) STRICT, WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));

DROP VIEW shown_figures;
CREATE VIEW shown_figures AS
WITH chosen AS (
  SELECT json_extract(value, '$.runId') AS run_id, json_extract(value, '$.kind') AS kind
  FROM settings WHERE key = 'shownFigures' AND value <> 'null'
), present AS (
  SELECT figures.run_id, figures.step FROM checkpoint_figures AS figures
  JOIN runs ON runs.id = figures.run_id WHERE NOT runs.deleted
)
SELECT present.run_id, present.step FROM chosen
JOIN checkpoints ON checkpoints.run_id = chosen.run_id AND checkpoints.kind = chosen.kind
JOIN present ON present.run_id = checkpoints.run_id AND present.step = checkpoints.step
UNION ALL
SELECT min(run_id), max(step) FROM present
WHERE NOT EXISTS (SELECT 1 FROM chosen) HAVING count(DISTINCT run_id) = 1;
`;
