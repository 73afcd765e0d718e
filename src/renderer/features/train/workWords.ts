/** Work in words. Pure. */
import type { Work } from '#shared/work.ts';
import { formatCount, formatShare } from '../../format.ts';
import { PHASE_WORDS, timeWords } from './runWords.ts';

/** Answers within a moment are no work to watch. */
const LEAST_AGE_MS = 700;

/** What is worth a line in the list, the run that trains first. */
export const shownWork = (list: readonly Work[], nowMs: number): Work[] =>
  list
    .filter(({ startedAt, training }) => training || nowMs - Date.parse(startedAt) >= LEAST_AGE_MS)
    .sort((a, b) => Number(b.training) - Number(a.training) || a.id - b.id);

/** 0–1; null where it is not known. */
export const shareDone = ({ done, total }: Work): number | null => (total > 1 ? done / total : null);

const phaseName = (phase: string): string =>
  (PHASE_WORDS as Readonly<Record<string, string>>)[phase] ?? phase;

/** `Reading the codes of every prompt, 512 of 2,048`. */
export function workLine(work: Work): string {
  const { state, phase, done, total, leftMs } = work;
  if (state === 'waiting') return 'Waits for its turn';
  const step = phase === 'train' && work.training;
  const name = step
    ? `step ${formatCount(done)} of ${formatCount(total)}`
    : [phase === null ? null : phaseName(phase), progressWords(work)].filter(Boolean).join(', ');
  const left = step && leftMs !== null ? `, ${timeWords(leftMs)} left` : '';
  const ending = state === 'cancelling' ? 'Ending: ' : '';
  return `${ending}${name || 'Working'}${left}`;
}

function progressWords({ done, total, phase }: Work): string | null {
  if (total <= 1) return null;
  // A pass counts what is of no interest by itself.
  return phase === null ? formatShare(done / total, 0) : `${formatCount(done)} of ${formatCount(total)}`;
}
