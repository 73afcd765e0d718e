/** Says in plain words whether a codebook means something. */
import type { CodeUsage } from './codebook.ts';

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

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export function codebookVerdict(usage: CodeUsage): CodebookVerdict {
  if (usage.topShare > COLLAPSE_SHARE) {
    const code = usage.share.indexOf(usage.topShare);
    return {
      state: 'collapsed',
      message: `The codebook has collapsed: code ${code} carries ${percent(usage.topShare)} of all prompts.`,
      fix: 'Double the batch-entropy bonus, halve the rate of the heads, pool the prompt by its mean, or use fewer codes.',
    };
  }
  if (usage.promptInformation < IDLE_INFORMATION) {
    return {
      state: 'idle',
      message: `The codes are idle: every prompt fires nearly the same mix (the codes carry ${usage.promptInformation.toFixed(3)} nats about the prompt).`,
      fix: 'Train heads first over a frozen backbone, pool the prompt by its mean, or lower the KL weight.',
    };
  }
  return { state: 'healthy', message: null, fix: null };
}
