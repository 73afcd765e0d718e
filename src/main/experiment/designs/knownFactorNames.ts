/** Groups and methods of the experiment on known factors, as its cells and its summary call them. */
export const GROUPS = {
  opposed: 'opposed',
  orthogonal: 'orthogonal',
  lotOpposed: 'opposed, labels by lot',
  lotOrthogonal: 'orthogonal, labels by lot',
  two: 'opposed, two factors',
  noisy: 'opposed, cue 0.9, label noise 0.1',
  six: 'opposed, six factors, cue 0.9, label noise 0.1',
  eight: 'opposed, eight factors, cue 0.9, label noise 0.1',
  wordingOpposed: 'opposed, held-out wording',
  wordingOrthogonal: 'orthogonal, held-out wording',
  stagedOpposed: 'trainable backbone, opposed',
  stagedOrthogonal: 'trainable backbone, orthogonal',
  hidden: 'hidden annotator',
} as const;

const ORACLE = 'oracle by factor';
export const oracleGroup = (group: string): string => `${group}: ${ORACLE}`;

export const BIAS_METHOD = 'free bias';
export const MLP_METHOD = 'MLP, no codebook';
/** Over a backbone that trains: as many steps in all as the staged run. */
export const PLAIN_METHOD = 'plain DPO';
export const ROBUST_METHOD = 'LPC, robust';
export const PAPER_METHOD = 'LPC, paper setting';
export const STAGED_METHOD = 'LPC, robust, staged';

/** Groups in which the backbone trains. */
export const WITH_ADAPTERS: readonly string[] = [
  GROUPS.hidden,
  GROUPS.stagedOpposed,
  GROUPS.stagedOrthogonal,
];
const LOTS: readonly string[] = [GROUPS.lotOpposed, GROUPS.lotOrthogonal];

/** What the methods of a group are compared with. */
export function baseOfGroup(group: string): string | null {
  if (group.endsWith(ORACLE) || LOTS.includes(group)) return null;
  return WITH_ADAPTERS.includes(group) ? PLAIN_METHOD : BIAS_METHOD;
}
