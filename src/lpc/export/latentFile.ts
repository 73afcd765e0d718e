/** Prior, posterior and codebook of a run as one safetensors file, and its layout in words. */

import { join } from 'node:path';
import { hasPosterior, LATENT_FACTS, type LatentKind } from '#core/methods.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { codeDirections, promptDirections } from '../method/directions.ts';
import { CODE_LENGTH } from '../method/heads.ts';
import { parameterGroups } from '../programs/policy.ts';
import type { ExportSource } from './source.ts';

export const LATENT_FILE = 'latent.safetensors';

/** Tensors of the latent, as trained, in a fixed order. */
function latentTensors({ checkpoint, config, model }: ExportSource) {
  const { heads, fixed } = parameterGroups(config, model.config);
  return Object.entries({ ...heads, ...fixed }).map(([name, { shape }]) => {
    const data = checkpoint.trained[name]?.data;
    if (!(data instanceof Float32Array)) throw new RangeError(`the checkpoint has no ${name}`);
    return { name, shape, data };
  });
}

/** Writes the file; its metadata holds the latent's settings and the hidden size. */
export async function writeLatentFile(source: ExportSource, folder: string): Promise<void> {
  const tensors = Object.fromEntries(latentTensors(source).map(({ name, ...tensor }) => [name, tensor]));
  await writeSafetensors(join(folder, LATENT_FILE), tensors, {
    metadata: {
      latent: JSON.stringify(source.config.latent),
      hidden_size: String(source.model.config.hiddenSize),
    },
  });
}

/** Markdown: every tensor with its shape, and the equations that read them. */
export function latentLayout(source: ExportSource): string {
  const { latent } = source.config;
  if (latent === null) return '';
  const rows = latentTensors(source).map(({ name, shape }) => `| \`${name}\` | ${shape.join(' × ')} |`);
  const { hiddenSize } = source.model.config;
  return `## Layout of ${LATENT_FILE}

All float32; linear weights are (out, in). Hidden states are the backbone's after its final norm.

| tensor | shape |
| --- | --- |
${rows.join('\n')}

${[...termsOf(latent, hiddenSize), ...latentEquations(latent, hiddenSize)].map((line) => `- ${line}`).join('\n')}

The settings of the latent are in the file's metadata, as JSON under \`latent\`.
`;
}

/** What the equations of a latent read. */
function termsOf(latent: LatentConfig, hiddenSize: number): string[] {
  if (!LATENT_FACTS[latent.kind].readsPrompt) return [];
  const pooled =
    latent.pooling === 'mean'
      ? 'the mean of the hidden states over all prompt tokens'
      : 'the hidden state at the last prompt token';
  const directions =
    promptDirections(latent, hiddenSize) > 0 ? ', read as (h_x − `prompt.mean`) · `prompt.directions`ᵀ' : '';
  const replies = hasPosterior({ latent })
    ? '; h_w and h_l are the states at the last token of the chosen and the rejected reply'
    : '';
  const network = 'MLP(x) = W₂ silu(W₁ x + b₁) + b₂ with W₁, b₁ in `….hidden` and W₂, b₂ in `….output`.';
  return [
    `h_x is ${pooled}${directions}${replies}.`,
    ...(isLinear(latent) && !hasPosterior({ latent }) ? [] : [network]),
  ];
}

const isLinear = ({ kind, priorNetwork }: LatentConfig): boolean =>
  kind === 'codebook' && priorNetwork === 'linear';

function codebookEquations(latent: LatentConfig, hiddenSize: number): string[] {
  const logits = isLinear(latent) ? '`prior.output.weight` h_x + `prior.output.bias`' : 'MLP_prior(h_x)';
  const codes =
    codeDirections(latent, hiddenSize) > 0
      ? `(\`codebook\` × \`${CODE_LENGTH}\`) · \`codebook.directions\``
      : '`codebook`';
  return [
    `p(z|x) = softmax(${logits}); the policy adds z = p(z|x) · E with E = ${codes}, one vector per prompt.`,
    ...(hasPosterior({ latent })
      ? ['q(z|x, y_w, y_l) = softmax(MLP_posterior([h_x; h_w; h_l])) is used in training alone.']
      : []),
  ];
}

function latentEquations(latent: LatentConfig, hiddenSize: number): string[] {
  const forms: Readonly<Record<LatentKind, readonly string[]>> = {
    codebook: codebookEquations(latent, hiddenSize),
    gaussian: [
      'The first half of MLP_prior(h_x) is the mean of z, the second its log-variance; the policy adds the mean.',
      'MLP_posterior([h_x; h_w; h_l]) gives the same of the posterior and is used in training alone.',
    ],
    mlp: ['The policy adds z = MLP_vector(h_x).'],
    bias: ['The policy adds z = `vector.bias`, the same for every prompt.'],
  };
  const where =
    latent.injection === 'layers'
      ? 'z is added, through a learned map of its own, to the hidden state before each of the last blocks.'
      : 'logits_t = LMHead(h_t + z) at every position that predicts a reply token.';
  return [...forms[latent.kind], where];
}
