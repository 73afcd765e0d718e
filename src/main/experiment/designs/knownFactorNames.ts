/** Groups and methods of the experiment on known factors, as its cells and its summary call them. */
export const GROUPS = {
  opposed: 'opposed',
  orthogonal: 'orthogonal',
  two: 'opposed, two factors',
  noisy: 'opposed, cue 0.9, label noise 0.1',
  lot: 'orthogonal, labels by lot',
  stagedOpposed: 'trainable backbone, opposed',
  stagedOrthogonal: 'trainable backbone, orthogonal',
  hidden: 'hidden annotator',
} as const;

const ORACLE = 'oracle by factor';
export const oracleGroup = (group: string): string => `${group}: ${ORACLE}`;

export const BIAS_METHOD = 'free bias';
export const PLAIN_METHOD = 'plain DPO';
export const ROBUST_METHOD = 'LPC, robust';
export const PAPER_METHOD = 'LPC, paper setting';
export const STAGED_METHOD = 'LPC, robust, staged';

/** What the methods of a group are compared with. */
export function baseOfGroup(group: string): string | null {
  if (group.endsWith(ORACLE) || group === GROUPS.lot) return null;
  return group === GROUPS.hidden || group === GROUPS.stagedOpposed || group === GROUPS.stagedOrthogonal
    ? PLAIN_METHOD
    : BIAS_METHOD;
}
