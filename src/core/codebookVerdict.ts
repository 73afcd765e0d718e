/** Says in plain words whether a codebook means something. */
import type { CodeUsage } from './codebook.ts';
import type { RunConfig } from './runConfig.ts';

type CodebookState = 'healthy' | 'idle' | 'collapsed';

export interface CodebookVerdict {
  readonly state: CodebookState;
  /** null when healthy. */
  readonly message: string | null;
  readonly fix: string | null;
}

/** One code with more than this share of all mass: collapse. */
export const COLLAPSE_SHARE = 0.8;
/** Codes that tell less than this about the prompt, in nats, are idle; a fair coin tells 0.69. */
export const IDLE_INFORMATION = 0.05;

/** The one thing that was seen to help wherever codes began in the model's own coordinates: docs/results.md. */
export const ROBUST_FIX =
  'Choose the preset Robust: it finds codes before the first step, in directions that the data choose.';
/** Where codes began well and are still not told apart. */
const ONE_TASTE_FIX =
  'Train a free bias (latent kind “bias”) beside it: where that is as right, one taste serves all prompts and codes have nothing to tell apart.';

/** One thing to do about codes that mean nothing. */
export const codesFix = (
  { latent }: Pick<RunConfig, 'latent'>,
  whereRobust: string = ONE_TASTE_FIX,
): string => (latent?.warmStart ? whereRobust : ROBUST_FIX);

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export function codebookVerdict(usage: CodeUsage, config: Pick<RunConfig, 'latent'>): CodebookVerdict {
  if (usage.topShare > COLLAPSE_SHARE) {
    const code = usage.share.indexOf(usage.topShare);
    return {
      state: 'collapsed',
      message: `The codebook has collapsed: code ${code} carries ${percent(usage.topShare)} of all prompts.`,
      fix: codesFix(config),
    };
  }
  if (usage.promptInformation < IDLE_INFORMATION) {
    return {
      state: 'idle',
      message: `The codes are idle: every prompt fires nearly the same mix (the codes carry ${usage.promptInformation.toFixed(3)} nats about the prompt).`,
      fix: codesFix(config),
    };
  }
  return { state: 'healthy', message: null, fix: null };
}
