/** What is tried beside the robust setting's own fit, one thing changed at a time. */
import type { LatentConfig } from '#core/runConfig.ts';
import type { Candidate } from './fit.ts';

/** λ of the paper's setting. */
const KL_WEIGHT = 0.05;
const BONUS = 0.2;

export function candidatesFor({ codes, codeRidge, priorRidge, codeCost }: LatentConfig): Candidate[] {
  const exact: Candidate = {
    name: 'exact posterior',
    aim: { kind: 'exact' },
    codes,
    choice: 'softmax',
    spectralStart: false,
    mapRank: 0,
    entropyBonus: 0,
    codeRidge,
    priorRidge,
    codeCost,
  };
  const changed = (name: string, changes: Partial<Candidate>): Candidate => ({ ...exact, ...changes, name });
  return [
    exact,
    changed('no posterior, E of log σ', { aim: { kind: 'expected' } }),
    changed('log σ of the mean code', { aim: { kind: 'mean-code' } }),
    changed('learnt posterior, λ 1', { aim: { kind: 'bound' } }),
    changed('learnt posterior, g ½, λ 0.05', { aim: { kind: 'mixture', klWeight: KL_WEIGHT, g: 0.5 } }),
    changed('learnt posterior, g rising, λ 0.05', {
      aim: { kind: 'mixture', klWeight: KL_WEIGHT, g: 'rise' },
    }),
    changed('learnt posterior, g rising, λ 1', { aim: { kind: 'mixture', klWeight: 1, g: 'rise' } }),
    changed('Sinkhorn, codes used alike', { aim: { kind: 'balanced' } }),
    changed('Sinkhorn, 4 codes', { aim: { kind: 'balanced' }, codes: 4 }),
    changed('sparsemax', { choice: 'sparsemax' }),
    changed('spectral start', { spectralStart: true }),
    changed('low-rank map in each code, rank 2', { mapRank: 2 }),
    changed('one code with a map of rank 4', { codes: 1, mapRank: 4 }),
    changed('entropy bonus 0.2', { entropyBonus: BONUS }),
    changed('4 codes', { codes: 4 }),
    changed('32 codes', { codes: 32 }),
    changed('ridges / 4', { codeRidge: codeRidge / 4, priorRidge: priorRidge / 4 }),
    changed('ridges × 3', { codeRidge: codeRidge * 3, priorRidge: priorRidge * 3 }),
    changed('no cost of long codes', { codeCost: 0 }),
  ];
}
