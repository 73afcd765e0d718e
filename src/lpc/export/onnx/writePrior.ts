/** `prior.onnx`: from h_x to p(z|x), with its weights in it. */
import { join } from 'node:path';
import type { LatentConfig } from '#core/runConfig.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { parameterGroups } from '../../programs/policy.ts';
import type { ExportSource } from '../source.ts';
import { GraphWriter } from './graphWriter.ts';
import { priorCodeWeights } from './latentGraph.ts';

export const PRIOR_FILE = 'prior.onnx';

/** Input `prompt_state` (batch, d): h_x, after the final norm, as the run pools it. Output `code_weights` (batch, K). For codebooks alone. */
export async function writePrior({ config, model, checkpoint }: ExportSource, folder: string): Promise<void> {
  const latent = config.latent as LatentConfig;
  const groups = parameterGroups(config, model.config);
  const shapes = { ...groups.heads, ...groups.fixed };
  const graph = new GraphWriter();
  const prompt = graph.input('prompt_state', 'float32', ['batch', model.config.hiddenSize]);
  const weights = priorCodeWeights(graph, prompt, {
    latent,
    hiddenSize: model.config.hiddenSize,
    weight: (name) => {
      const data = checkpoint.trained[name]?.data;
      const shape = shapes[name]?.shape;
      if (!(data instanceof Float32Array && shape)) throw new RangeError(`the checkpoint has no ${name}`);
      return graph.values(name, shape, data);
    },
  });
  graph.output('code_weights', weights, 'float32', ['batch', latent.codes]);
  const metadata = {
    latent: JSON.stringify(latent),
    pooling: latent.pooling,
    step: String(checkpoint.config.step),
  };
  await writeFileAtomic(join(folder, PRIOR_FILE), [graph.finish('prior', metadata)]);
}
