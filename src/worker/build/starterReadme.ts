/** What stands beside the starter model, with the figures of its own training. */
import type { ModelShape, PretrainSettings } from '#lpc/pretrain/starterConfig.ts';

export interface StarterFigures {
  readonly parameters: number;
  readonly bytes: number;
  readonly trainingTokens: number;
  readonly firstLoss: number;
  /** After the weights were rounded to 16 bits. */
  readonly heldOutLoss: number;
  readonly seconds: number;
  readonly engine: string;
  readonly device: string;
  readonly samples: readonly { readonly prompt: string; readonly reply: string }[];
}

export const starterReadme = (
  shape: ModelShape,
  settings: PretrainSettings,
  figures: StarterFigures,
): string => `# Starter model

A small language model of the Llama layout, made by this project alone so that everything works offline in the first
minute: ${figures.parameters.toLocaleString('en')} parameters, ${shape.layers} layers of width ${shape.hiddenSize}, ${shape.heads} heads (${shape.keyValueHeads} for keys and values), context
${shape.contextLength}, ${shape.vocabulary} byte-level BPE pieces, embeddings tied, weights in 16 bits (${(figures.bytes / 1e6).toFixed(1)} MB). Licence: that of the project.

It speaks of nothing but the world of the sample pairs (\`src/core/sample\`): eight kinds of questions, each answered in two
styles with equal odds, so that it knows both and prefers neither. On other text it works, badly.

| | |
|---|---|
| text | written by \`src/core/sample\` as it goes, none of it twice on purpose; ${figures.trainingTokens.toLocaleString('en')} predicted tokens |
| training | ${settings.steps} steps of one row of ${settings.rowTokens} tokens, AdamW, rate ${settings.learningRate} after ${settings.warmupSteps} steps, cosine, decay ${settings.weightDecay}, seed ${settings.seed} |
| loss | ${figures.firstLoss.toFixed(3)} at the first step, ${figures.heldOutLoss.toFixed(4)} nats per token on held-out text, measured on the 16-bit weights |
| engine | ${figures.engine}, ${figures.device}, ${figures.seconds.toFixed(0)} s |

The curve is in \`training.log\`. Prompts of the sample may come in the text by chance: both are drawn from one grammar.

Greedy replies:

${figures.samples
  .map(
    ({ prompt, reply }) =>
      `> **${prompt}**\n>\n${reply
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}`,
  )
  .join('\n\n')}

Rebuild: \`npm run build:starter\` (some minutes). The text, the tokenizer and the first weights are the same for the same
seed everywhere; the trained weights are the same on the same machine and may differ in the last digits on another, since
sums are taken in another order.
`;
