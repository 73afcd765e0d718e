/** How the replies of a new pair differ, while it is typed. Pure. */
import { type CodeChoice, DEFAULT_SAMPLING, type Sampling } from '#core/generation.ts';
import { checkSampling, type SamplingDraft, samplingDraftOf } from '../playground/samplingDraft.ts';

export interface VariantDraft {
  readonly key: number;
  readonly temperature: string;
  readonly seed: string;
  /** `prior`, `none`, or a code's number. */
  readonly codes: string;
}

export const MOST_VARIANTS = 4;

export const startingVariants = (): readonly VariantDraft[] => [
  { key: 1, temperature: '0.8', seed: '1', codes: 'prior' },
  { key: 2, temperature: '0.8', seed: '2', codes: 'prior' },
];

/** One more, with a seed of its own. */
export function withAnother(variants: readonly VariantDraft[]): readonly VariantDraft[] {
  const last = variants.at(-1);
  const seeds = variants.map(({ seed }) => Number(seed)).filter(Number.isFinite);
  const key = Math.max(0, ...variants.map((variant) => variant.key)) + 1;
  return [
    ...variants,
    {
      key,
      temperature: last?.temperature ?? '0.8',
      seed: String(Math.max(0, ...seeds) + 1),
      codes: last?.codes ?? 'prior',
    },
  ];
}

export interface CheckedVariants {
  readonly variants: readonly { readonly sampling: Sampling; readonly codes: CodeChoice }[] | null;
  /** What is wrong, by the variant's key, or with all of them under 0. */
  readonly problems: ReadonlyMap<number, string>;
}

function codeChoice(text: string, codes: number | null): CodeChoice {
  if (codes === null || text === 'none') return { mode: 'none' };
  const code = Number(text);
  if (text === 'prior' || !(code < codes)) return { mode: 'prior' };
  return { mode: 'weights', weights: Array.from({ length: codes }, (_, other) => (other === code ? 1 : 0)) };
}

/** The variants as the contract reads them; `codes` is K of the run, null without a codebook. */
export function checkVariants(
  drafts: readonly VariantDraft[],
  maxTokens: string,
  codes: number | null,
): CheckedVariants {
  const problems = new Map<number, string>();
  const whole = samplingDraftOf(DEFAULT_SAMPLING);
  const variants = drafts.flatMap(({ key, temperature, seed, codes: chosen }) => {
    const draft: SamplingDraft = { ...whole, temperature, seed, maxTokens };
    const checked = checkSampling(draft);
    const problem = checked.problems.temperature ?? checked.problems.seed;
    if (problem !== undefined) problems.set(key, problem);
    return checked.request === null
      ? []
      : [{ sampling: checked.request.sampling, codes: codeChoice(chosen, codes) }];
  });
  if (checkSampling({ ...whole, maxTokens }).problems.maxTokens !== undefined)
    problems.set(0, 'Most tokens: a whole number from 1 to 32768, please.');
  const seen = new Map<string, number>();
  for (const [place, variant] of variants.entries()) {
    if (problems.size > 0) break;
    const greedy = variant.sampling.temperature === 0;
    const same = JSON.stringify([
      greedy ? { ...variant.sampling, seed: 0 } : variant.sampling,
      variant.codes,
    ]);
    const before = seen.get(same);
    if (before !== undefined)
      problems.set(
        drafts[place]?.key ?? 0,
        `The same as reply ${before + 1}: change its seed, temperature or codes.`,
      );
    seen.set(same, place);
  }
  return { variants: problems.size === 0 ? variants : null, problems };
}
