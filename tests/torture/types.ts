/**
 * Main is killed while people label and undo, alone and beside an import, backups, exports, an upgrade, a training
 * (`train-main`); compute processes while they train, evaluate and write checkpoints (`train`), score and export (`policy`); the power is
 * cut while people label and while a run trains.
 */
export const SCENES = [
  ...(['label', 'power-cut', 'import', 'backup', 'export', 'migrate', 'train'] as const),
  ...(['train-main', 'power-cut-train', 'score', 'policy'] as const),
] as const;
export type Scene = (typeof SCENES)[number];

/** What a workbench that is to be killed says, a JSON line each. */
export type Spoken =
  | { readonly type: 'started' | 'opened' | 'backup' }
  /** A decision about this pair is on its way, new or taken back. */
  | { readonly type: 'try'; readonly pairId: number }
  /** It was acknowledged: how the pair stands, and how many frames of the log of the database are on the disk. */
  | {
      readonly type: 'done';
      readonly pairId: number;
      readonly verdict: string | null;
      readonly frames: number;
    };

export interface Found {
  /** Acknowledged decisions that do not stand. */
  lostVerdicts: number;
  /** Files that SQLite or a reader finds damaged: project, backups, exports. */
  damaged: number;
  /** Imports of which a part is there. */
  halfImports: number;
  /** Rows that name a file that is not there. */
  missingFiles: number;
}
