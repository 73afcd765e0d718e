export const SCENES = ['label', 'power-cut', 'import', 'backup', 'export', 'migrate', 'train'] as const;
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
