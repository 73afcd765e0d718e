export const modelsAndRuns = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  info TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'stopping', 'finished', 'stopped', 'failed')),
  model_id INTEGER NOT NULL REFERENCES models (id),
  config TEXT NOT NULL,
  seed INTEGER NOT NULL,
  selection TEXT NOT NULL,
  pairs INTEGER NOT NULL,
  dataset_sha256 TEXT,
  engine TEXT,
  engine_fallback TEXT,
  step INTEGER NOT NULL DEFAULT 0,
  accuracy REAL,
  failure TEXT,
  code_version TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE INDEX runs_by_state ON runs (state, id);

CREATE TABLE run_frames (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  frame TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  kind TEXT NOT NULL CHECK (kind IN ('best', 'last')),
  step INTEGER NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (run_id, kind)
) STRICT;

CREATE TABLE pair_results (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  pair_id INTEGER NOT NULL REFERENCES pairs (id),
  margin REAL NOT NULL,
  reward_chosen REAL NOT NULL,
  reward_rejected REAL NOT NULL,
  posterior_margin REAL,
  swapped_margin REAL,
  kl REAL,
  PRIMARY KEY (run_id, pair_id)
) STRICT, WITHOUT ROWID;

-- weights: p(z|x), little-endian float32, one value a code.
CREATE TABLE code_activations (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  top_code INTEGER NOT NULL,
  top_weight REAL NOT NULL,
  weights BLOB NOT NULL,
  PRIMARY KEY (run_id, prompt_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_activations_by_top ON code_activations (run_id, top_code, top_weight);
`;
