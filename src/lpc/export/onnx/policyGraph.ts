/**
 * The policy as one ONNX graph. Inputs: `input_ids` (batch, sequence) int64, padded on the right where lengths differ;
 * with a latent `prompt_length` (batch) int64, and for a codebook `code_override` (1, K) or (batch, K):
 * rows of zeros leave the codes to the prior.
 * Outputs: `logits` (batch, sequence, V), meaningful from the last prompt token on; for a codebook `code_weights`
 * (batch, K) = p(z|x).
 */
import { codesOf, LATENT_FACTS } from '#core/methods.ts';
import { injectedLayers, injectionName } from '../../method/injection.ts';
import type { ExportSource } from '../source.ts';
import { type BackboneGraph, backboneGraph } from './backboneGraph.ts';
import type { GraphWriter } from './graphWriter.ts';
import { latentGraph } from './latentGraph.ts';

/** One vector a sequence as one a token: (B, d) → (B·T, d). */
function perToken(graph: GraphWriter, backbone: BackboneGraph, z: string, hiddenSize: number): string {
  const to = graph.node('Concat', [backbone.batch, backbone.length, graph.integers([hiddenSize])], {
    axis: 0,
  });
  const spread = graph.node('Expand', [graph.node('Unsqueeze', [z, graph.integers([1])]), to]);
  return graph.node('Reshape', [spread, graph.integers([-1, hiddenSize])]);
}

/** Adds the whole policy to the graph; `weight` gives an initialiser's name by a parameter's. */
export function policyGraph(
  graph: GraphWriter,
  { model, config }: Pick<ExportSource, 'model' | 'config'>,
  weight: (name: string) => string,
): void {
  const { latent } = config;
  const { hiddenSize, layers, vocabulary } = model.config;
  const ids = graph.input('input_ids', 'int64', ['batch', 'sequence']);
  const backbone = backboneGraph(graph, model.config, weight, ids);
  const injected = injectedLayers(latent, layers);
  const joint = injected[0] ?? layers;
  const below = backbone.run(backbone.embed(), 0, joint);
  let state = backbone.norm(backbone.run(below, joint, layers));
  if (latent) {
    const { readsPrompt } = LATENT_FACTS[latent.kind];
    const codes = codesOf(config);
    const promptLength = readsPrompt ? graph.input('prompt_length', 'int64', ['batch']) : '';
    const codeOverride =
      codes !== null ? graph.input('code_override', 'float32', ['overrides', codes]) : null;
    const options = { latent, hiddenSize, weight, promptLength, codeOverride };
    const { z, codeWeights } = latentGraph(graph, backbone, state, options);
    const shift = (layer: number): string =>
      perToken(
        graph,
        backbone,
        graph.node('Gemm', [z, weight(injectionName(layer))], { transB: 1 }),
        hiddenSize,
      );
    state =
      injected.length > 0
        ? backbone.norm(backbone.run(below, joint, layers, shift))
        : graph.node('Add', [state, perToken(graph, backbone, z, hiddenSize)]);
    if (codeWeights !== null) graph.output('code_weights', codeWeights, 'float32', ['batch', latent.codes]);
  }
  const to = graph.node('Concat', [backbone.batch, backbone.length, graph.integers([vocabulary])], {
    axis: 0,
  });
  const logits = graph.node('Reshape', [backbone.head(state), to]);
  graph.output('logits', logits, 'float32', ['batch', 'sequence', vocabulary]);
}
