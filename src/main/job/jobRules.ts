/** Settings that the programs of a job compute. The same rules stand in `resources/job/lpc/prepare.py`. */
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';

/** Found before the first step from features of the replies, which Facet's own engine alone reads. */
const NOT_COMPUTED = { warmStart: false, promptDirections: 0, codeDirections: 0 } as const;

/** Throws `job.setting`, naming every setting that has to change. */
export function requireJobRules({ latent, recompute }: RunConfig): void {
  const names = Object.keys(NOT_COMPUTED) as (keyof typeof NOT_COMPUTED)[];
  const wrong = latent === null ? [] : names.filter((name) => latent[name] !== NOT_COMPUTED[name]);
  const [first] = wrong;
  if (first !== undefined) {
    const changes = wrong.map((name) => `latent.${name}=${NOT_COMPUTED[name]}`).join(' ');
    throw new FacetError({
      code: 'job.setting',
      message: `A job has no warm start and no whitened directions yet: latent.${first} is ${latent?.[first]}.`,
      fix: `Begin with the preset paper, or set ${changes}.`,
      where: { field: `latent.${first}` },
    });
  }
  if (recompute && latent?.injection === 'layers')
    throw new FacetError({
      code: 'job.setting',
      message: 'A job can’t make activations again where z enters the layers.',
      fix: 'Set recompute=false, or latent.injection=head.',
      where: { field: 'recompute' },
    });
}
