/** What a run can be taken elsewhere as, what each carries, and for which runs it makes sense. Pure. */

import { codesOf, LATENT_FACTS, whyWithoutCodes } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import type { ExportFormat } from '#shared/policyEntities.ts';
import { capitalised } from '../../format.ts';

export interface FormatWords {
  readonly format: ExportFormat;
  readonly name: string;
  says(run: Pick<Run, 'config'>): string;
}

/** What a format that can't carry z leaves out. */
const withoutZ = ({ config }: Pick<Run, 'config'>): string => {
  if (config.latent === null) return '';
  return codesOf(config) === null
    ? ' It can’t carry z: the latent is left out.'
    : ' It can’t carry z: codes are left out.';
};
const inside = ({ config }: Pick<Run, 'config'>): string => {
  if (config.latent === null) return 'The model in one graph for any ONNX Runtime.';
  const parts = codesOf(config) === null ? 'Model and latent' : 'Model, prior and codebook';
  const made = LATENT_FACTS[config.latent.kind].readsPrompt
    ? 'made from the prompt'
    : 'the same for every prompt';
  return `${parts} in one graph for any ONNX Runtime. It carries z, ${made}.`;
};

export const FORMATS: readonly FormatWords[] = [
  {
    format: 'peft',
    name: 'LoRA adapter (PEFT)',
    says: (run) => `The adapter alone, small, loaded by peft over the same base model.${withoutZ(run)}`,
  },
  {
    format: 'merged',
    name: 'Whole model (safetensors)',
    says: (run) => `The trained weights in one folder that transformers and others load.${withoutZ(run)}`,
  },
  {
    format: 'onnx',
    name: 'Policy as ONNX',
    says: inside,
  },
  {
    format: 'codebook',
    name: 'Codebook and heads (safetensors)',
    says: () =>
      'Prior, posterior and codebook with their layout described, for analysis elsewhere. Not the model itself.',
  },
];

/** Why a run has nothing to write in a format; null where it has. */
export function whyNotExport({ config }: Pick<Run, 'config'>, format: ExportFormat): string | null {
  if (format === 'peft' && config.trainable !== 'lora')
    return config.trainable === 'full'
      ? 'This run changed the whole model, so there is no adapter: take the whole model.'
      : 'This run left the model as it is and trained heads only, so there is no adapter.';
  if (format === 'merged' && config.trainable === 'heads')
    return 'This run left the model as it is: the base model is already what this would write.';
  const why = whyWithoutCodes(config);
  if (format === 'codebook' && why !== null) return `${capitalised(why)}.`;
  return null;
}
