/** A run that was asked to pause: its state reads `pausing` while it ends and `paused` after. */
export const pausedRuns = `
ALTER TABLE runs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
`;
