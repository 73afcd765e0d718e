/** What a run can be taken elsewhere as, what each carries, and for which runs it makes sense. Pure. */

import type { ExportType } from '#core/jobs.ts';
import { codesOf, LATENT_FACTS, whyWithoutCodes } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import type { ExportFormat } from '#shared/policyEntities.ts';
import { capitalised } from '../../format.ts';

/** How weights are written. */
export const TYPE_WORDS: Readonly<Record<ExportType, string>> = {
  F32: 'F32, exact',
  BF16: 'BF16, half the size; small changes are rounded away',
  F16: 'F16, 16 bits each',
  Q8_0: 'Q8_0, about 8.5 bits each',
  Q4_0: 'Q4_0, about 4.5 bits each',
};

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
/** What comes with a format for servers, where z enters at the LM head. */
const biases = ({ config }: Pick<Run, 'config'>): string =>
  codesOf(config) === null || config.latent?.injection !== 'head'
    ? ''
    : ' A table of biases for each code and the prior come with it.';
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
    format: 'gguf',
    name: 'Whole model (GGUF)',
    says: (run) =>
      `One file for llama.cpp, Ollama and LM Studio, at 16, 8 or 4 bits.${withoutZ(run)}${biases(run)}`,
  },
  {
    format: 'gguf-lora',
    name: 'LoRA adapter (GGUF)',
    says: (run) =>
      `The adapter alone, which llama.cpp applies over a GGUF file of the base model.${withoutZ(run)}${biases(run)}`,
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
      'Prior, posterior and codebook with their layout described, for analysis elsewhere; where z enters at the head, biases for each code that a server takes. Not the model itself.',
  },
];

/** Why a run has nothing to write in a format; null where it has. */
export function whyNotExport({ config }: Pick<Run, 'config'>, format: ExportFormat): string | null {
  if ((format === 'peft' || format === 'gguf-lora') && config.trainable !== 'lora')
    return config.trainable === 'full'
      ? 'This run changed the whole model, so there is no adapter: take the whole model.'
      : 'This run left the model as it is and trained heads only, so there is no adapter.';
  if ((format === 'merged' || format === 'gguf') && config.trainable === 'heads')
    return 'This run left the model as it is: the base model is already what this would write.';
  const why = whyWithoutCodes(config);
  if (format === 'codebook' && why !== null) return `${capitalised(why)}.`;
  return null;
}
