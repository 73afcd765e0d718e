/** How a pair's row reads: which reply stands as preferred, and what its verdict chip says. Pure. */
import type { ReplyKey } from '#core/preference.ts';
import type { PairRow } from '#shared/entities.ts';
import type { Tone } from '../../components/Chip.tsx';

type Labels = Pick<PairRow, 'imported' | 'verdict'>;

/** The label that stands: a person's, else the file's. */
export const standingLabel = ({ verdict, imported }: Labels) =>
  verdict === null || verdict === 'skip' ? imported : verdict;

export interface ShownReply {
  readonly key: ReplyKey;
  readonly name: string;
  readonly chosen: boolean;
  /** One of the two is preferred. */
  readonly settled: boolean;
}

/**
 * Both replies in the order in which a row shows them. In a blind project that order is the stored one, before and after
 * the verdict; else the chosen one comes first, where one stands.
 */
export function shownReplies(row: Labels, blind: boolean): readonly [ShownReply, ShownReply] {
  const standing = standingLabel(row);
  const preference = standing === 'a' || standing === 'b';
  const reply = (key: ReplyKey): ShownReply => ({
    key,
    name: !preference ? `Reply ${key.toUpperCase()}` : standing === key ? 'Chosen' : 'Rejected',
    chosen: standing === key,
    settled: preference,
  });
  return !blind && standing === 'b' ? [reply('b'), reply('a')] : [reply('a'), reply('b')];
}

const AS_IMPORTED = {
  a: 'as imported',
  b: 'as imported',
  tie: 'imported tie',
  both_bad: 'imported both bad',
  skip: 'imported skip',
} as const satisfies Record<NonNullable<Labels['imported']>, string>;

export interface VerdictLook {
  readonly label: string;
  readonly tone: Tone;
}

/** The verdict that the row shows, beside the file's label where it has one. */
export function verdictLook({ verdict, imported }: Labels): VerdictLook | null {
  switch (verdict) {
    case null:
      return imported === null ? null : { label: AS_IMPORTED[imported], tone: 'plain' };
    case 'tie':
      return { label: 'tie', tone: imported === null || imported === 'tie' ? 'plain' : 'warn' };
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

/** Who gave the verdict that `verdictLook` shows. */
export const verdictBy = ({ by, imported }: Pick<PairRow, 'by' | 'imported'>): string =>
  by ?? (imported === null ? '' : 'file');
