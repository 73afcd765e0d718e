import type { CodesOverview } from '#shared/entities.ts';
import { percent } from './output.ts';

/** What each code alone does, as far as it was measured. */
export function causesLines(causes: CodesOverview['causes']): string[] {
  if (causes === null) return [];
  if (causes.recovery === null)
    return causes.reason === null ? [] : [`causal recovery: not known. ${causes.reason}`];
  const { gainOverOneCode: gain } = causes;
  const gained =
    gain === null
      ? ''
      : `; the prior's choice beats the best single code by ${percent(gain.value)} (${percent(gain.low)} … ${percent(gain.high)})`;
  const others = [
    { than: 'z off', gain: causes.gainOverOff },
    { than: 'one vector for all', gain: causes.gainOverShared },
  ].flatMap((one) =>
    one.gain === null
      ? []
      : [
          `gain over ${one.than}: ${percent(one.gain.value)} (${percent(one.gain.low)} … ${percent(one.gain.high)})`,
        ],
  );
  return [
    ...others,
    `causal recovery ${causes.recovery.toFixed(3)} by ${causes.groupedBy}, on ${causes.pairs} held-out pairs${gained}`,
    ...causes.codes.map(({ code, serves, effects }) => {
      const parts = effects.map(({ group, accuracy }) => `${group} ${percent(accuracy)}`).join(', ');
      return `  under code ${code} alone: ${parts}${serves === null ? '' : `; serves ${serves}`}`;
    }),
  ];
}
