/** Prior, posterior and codebook of a run as one safetensors file, and its layout in words. */
import { join } from 'node:path';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { parameterGroups } from '../programs/policy.ts';
import type { ExportSource } from './source.ts';

export const LATENT_FILE = 'latent.safetensors';

/** Tensors of the latent, as trained, in a fixed order. */
function latentTensors({ checkpoint, config, model }: ExportSource) {
  return Object.entries(parameterGroups(config, model.config).heads).map(([name, { shape }]) => {
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
  const pooled =
    latent.pooling === 'mean'
      ? 'the mean of the hidden states over all prompt tokens'
      : 'the hidden state at the last prompt token';
  return `## Layout of ${LATENT_FILE}

All float32; linear weights are (out, in). Hidden states are the backbone's after its final norm.

| tensor | shape |
| --- | --- |
${rows.join('\n')}

- h_x is ${pooled}; h_w and h_l are the states at the last token of the chosen and the rejected reply.
- MLP(x) = W₂ silu(W₁ x + b₁) + b₂ with W₁, b₁ in \`….hidden\` and W₂, b₂ in \`….output\`.
${latentEquations(latent.kind, latent.injection)}
The settings of the latent are in the file's metadata, as JSON under \`latent\`.
`;
}

function latentEquations(kind: string, injection: string): string {
  const forms: Readonly<Record<string, string>> = {
    codebook:
      '- p(z|x) = softmax(MLP_prior(h_x)); the policy adds z = p(z|x) · codebook, one vector a prompt.\n- q(z|x, y_w, y_l) = softmax(MLP_posterior([h_x; h_w; h_l])) is used in training alone.',
    gaussian: '- The prior gives mean and log-variance of z; the policy adds the mean.',
    mlp: '- The policy adds z = MLP_prior(h_x).',
    bias: '- The policy adds z, the same for every prompt.',
  };
  const where =
    injection === 'layers'
      ? '- z is added, through a learned map of its own, to the hidden state before each of the last blocks.'
      : '- logits_t = LMHead(h_t + z) at every position that predicts a reply token.';
  return `${forms[kind] ?? ''}\n${where}\n`;
}
