/** Settings that the programs of a job don't compute. */
import { learnsFromSingles, OBJECTIVE_FACTS } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';

const refused = (field: string, message: string, fix: string): FacetError =>
  new FacetError({ code: 'job.setting', message, fix, where: { field } });

/** Throws `job.setting`, naming what has to change. */
export function requireJobRules(config: RunConfig): void {
  const { objective, latent, recompute, weights, chatTemplate, referenceModel, startFrom } = config;
  if (learnsFromSingles(config))
    throw refused(
      'objective',
      `A job trains on pairs, and ${OBJECTIVE_FACTS[objective].name} learns from single labels.`,
      'Choose an objective of pairs, or train here.',
    );
  if (weights !== 'as-stored')
    throw refused(
      'weights',
      'A job reads weights as they are stored: its programs hold none in 4 or 8 bits.',
      'Set weights=as-stored, or train here.',
    );
  if (chatTemplate !== null)
    throw refused(
      'chatTemplate',
      'A job writes dialogues by the model’s own chat template, or plainly.',
      'Put the template into the model’s folder as chat_template.jinja and leave chatTemplate out, or train here.',
    );
  if (referenceModel !== null)
    throw refused(
      'referenceModel',
      'A job takes the model that trains as its reference.',
      'Leave referenceModel out, or train here.',
    );
  if (startFrom !== null)
    throw refused(
      'startFrom',
      'A job starts from the model itself.',
      'Export what it should start from as a merged folder and add that as a model, or train here.',
    );
  if (recompute && latent?.injection === 'layers')
    throw refused(
      'recompute',
      'A job can’t make activations again where z enters the layers.',
      'Set recompute=false, or latent.injection=head.',
    );
}
