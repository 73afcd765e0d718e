/** Says in plain words whether a codebook means something. */
import type { CodeUsage } from './codebook.ts';
import type { RunConfig } from './runConfig.ts';

type CodebookState = 'healthy' | 'near-idle' | 'idle' | 'collapsed';

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
const ROBUST_FIX =
  'Choose the preset Robust: it finds codes before the first step, in directions that the data choose.';
/** Where codes began well and are still not told apart. */
const ONE_TASTE_FIX =
  'Train a free bias (latent kind “bias”) beside it: where that is as right, one taste serves all prompts and codes have nothing to tell apart.';

/** One thing to do about codes that mean nothing. */
export const codesFix = (
  { latent }: Pick<RunConfig, 'latent'>,
  whereRobust: string = ONE_TASTE_FIX,
): string => (latent?.warmStart ? whereRobust : ROBUST_FIX);

/** Of what codes in this use could tell, H of their mean mix: less is a mix that hardly changes, however many codes it has. */
const NEAR_IDLE_SHARE = 0.06;

/** `information`: nats that codes carry about the prompt; `possible`: H(mean p(z|x)). null where they tell enough. */
export function idleness(
  information: number,
  possible: number,
): { readonly state: 'idle' | 'near-idle'; readonly message: string } | null {
  if (information < IDLE_INFORMATION)
    return {
      state: 'idle',
      message: `The codes are idle: every prompt fires nearly the same mix (the codes carry ${information.toFixed(3)} nats about the prompt).`,
    };
  if (information < NEAR_IDLE_SHARE * possible)
    return {
      state: 'near-idle',
      message: `The codes are nearly idle: each prompt fires about ${Math.exp(possible - information).toFixed(0)} of them, in a mix that hardly changes (${information.toFixed(2)} of ${possible.toFixed(2)} possible nats about the prompt).`,
    };
  return null;
}

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
  const idle = idleness(usage.promptInformation, Math.log(usage.perplexity));
  if (idle !== null) return { ...idle, fix: codesFix(config) };
  return { state: 'healthy', message: null, fix: null };
}
