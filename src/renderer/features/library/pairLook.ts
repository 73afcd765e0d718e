/** How a pair's row reads: which reply stands as preferred, and what its verdict chip says. Pure. */
import type { PairRow } from '#shared/entities.ts';
import type { Tone } from '../../components/Chip.tsx';

type Labels = Pick<PairRow, 'imported' | 'verdict'>;

/** The label that stands: a person's, else the file's. */
export const standingLabel = ({ verdict, imported }: Labels) =>
  verdict === null || verdict === 'skip' ? imported : verdict;

/** The replies as chosen and rejected; in stored order where no preference stands. */
export function orderedReplies(row: Labels & Pick<PairRow, 'a' | 'b'>): {
  readonly chosen: string;
  readonly rejected: string;
  readonly preference: boolean;
} {
  const standing = standingLabel(row);
  const flipped = standing === 'b';
  return {
    chosen: flipped ? row.b : row.a,
    rejected: flipped ? row.a : row.b,
    preference: standing === 'a' || standing === 'b',
  };
}

export interface VerdictLook {
  readonly label: string;
  readonly tone: Tone;
}

/** The current annotator's verdict, beside the file's label where it has one. */
export function verdictLook({ verdict, imported }: Labels): VerdictLook | null {
  switch (verdict) {
    case null:
      return null;
    case 'tie':
      return { label: 'tie', tone: 'plain' };
    case 'both_bad':
      return { label: 'both bad', tone: 'bad' };
    case 'skip':
      return { label: 'skipped', tone: 'plain' };
    default:
      if (imported === null) return { label: 'labelled', tone: 'good' };
      return verdict === imported
        ? { label: 'as in file', tone: 'good' }
        : { label: 'against file', tone: 'warn' };
  }
}
