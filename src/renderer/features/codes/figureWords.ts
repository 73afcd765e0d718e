/** Figures of codes in words. Pure. */
import type { CodesOverview } from '#shared/entities.ts';
import type { Tone } from '../../components/Chip.tsx';
import { formatFigure } from '../../format.ts';

type Gain = NonNullable<NonNullable<CodesOverview['causes']>['gainOverOff']>;

/** `+0.08`, green where the interval lies above 0; where it holds 0 nothing was shown. */
export function gainWords({ value, low, high }: Gain): { readonly text: string; readonly tone: Tone } {
  const text = `${value < 0 ? '−' : '+'}${formatFigure(Math.abs(value), 2)}`;
  if (low > 0) return { text, tone: 'good' };
  return { text, tone: high < 0 ? 'bad' : 'plain' };
}

/** `NMI(code, source) 0.82 · untrained 0.45 · linear probe 0.98`. */
export const agreementWords = ({
  nmi,
  untrainedNmi,
  probe,
}: NonNullable<CodesOverview['evidence']>): string =>
  [
    `NMI(code, source) ${formatFigure(nmi, 2)}`,
    `untrained ${formatFigure(untrainedNmi, 2)}`,
    ...(probe === null ? [] : [`linear probe ${formatFigure(probe, 2)}`]),
  ].join(' · ');
