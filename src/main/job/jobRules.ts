/** Settings that the programs of a job compute. The same rules stand in `resources/job/lpc/prepare.py`. */
import type { Objective } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';

const COMPUTED: readonly Objective[] = ['dpo', 'ipo', 'simpo'];
/** Found before the first step from features of the replies, which Facet's own engine alone reads. */
const NOT_COMPUTED = { warmStart: false, promptDirections: 0, codeDirections: 0 } as const;

const refused = (field: string, message: string, fix: string): FacetError =>
  new FacetError({ code: 'job.setting', message, fix, where: { field } });

/** Throws `job.setting`, naming every setting that has to change. */
export function requireJobRules({ objective, nllWeight, batchPairs, latent, recompute }: RunConfig): void {
  if (!COMPUTED.includes(objective))
    throw refused(
      'objective',
      `A job does not compute the objective ${objective} yet.`,
      `Choose ${COMPUTED.join(', ')}, or train here.`,
    );
  if (nllWeight !== null)
    throw refused(
      'nllWeight',
      'A job does not compute the term of the chosen reply’s likelihood yet.',
      'Set nllWeight=null, or train here.',
    );
  if (batchPairs !== null)
    throw refused(
      'batchPairs',
      'A job fills its rows by tokens alone: it does not count the pairs of a step yet.',
      'Set batchPairs=null and accumulation, or train here.',
    );
  const names = Object.keys(NOT_COMPUTED) as (keyof typeof NOT_COMPUTED)[];
  const wrong = latent === null ? [] : names.filter((name) => latent[name] !== NOT_COMPUTED[name]);
  const [first] = wrong;
  if (first !== undefined) {
    const changes = wrong.map((name) => `latent.${name}=${NOT_COMPUTED[name]}`).join(' ');
    throw refused(
      `latent.${first}`,
      `A job has no warm start and no whitened directions yet: latent.${first} is ${latent?.[first]}.`,
      `Begin with the preset paper, or set ${changes}.`,
    );
  }
  if (recompute && latent?.injection === 'layers')
    throw refused(
      'recompute',
      'A job can’t make activations again where z enters the layers.',
      'Set recompute=false, or latent.injection=head.',
    );
}
