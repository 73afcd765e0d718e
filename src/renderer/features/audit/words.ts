import type { AuditRow } from '#shared/auditEntities.ts';

/** A share below a per cent is not 0. */
export const probabilityWords = (probability: number): string =>
  probability < 0.01 ? '< 1 %' : `${Math.round(100 * probability)} %`;

/** Why a label stands in the list. */
export const reasonOf = ({ probability, margin }: Pick<AuditRow, 'probability' | 'margin'>): string =>
  `${probabilityWords(probability)} likely · margin ${margin.toFixed(2).replace('-', '−')}`;

/** What has become of the label since. */
export function sinceWords({
  label,
  now,
  decided,
}: Pick<AuditRow, 'label' | 'now' | 'decided'>): string | null {
  if (now === label) return decided ? 'kept' : null;
  return now === null ? 'no longer prefers a reply' : 'turned round';
}

/** Nobody has decided them again: what is left to look at, or to train without. */
export const isOpen = ({ label, now, decided }: Pick<AuditRow, 'label' | 'now' | 'decided'>): boolean =>
  !decided && now === label;
