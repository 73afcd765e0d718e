/** From the prompt's hidden states to z, as nodes: what inference uses, the prior alone. B sequences of T tokens. */
import { unreachable } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import type { BackboneGraph } from './backboneGraph.ts';
import type { GraphWriter } from './graphWriter.ts';

export interface LatentNodes {
  /** (B, d) */
  readonly z: string;
  /** p(z|x), (B, K); null for a latent without codes. */
  readonly codeWeights: string | null;
}

export interface LatentGraphOptions {
  readonly latent: LatentConfig;
  readonly hiddenSize: number;
  /** Name of an initialiser by the name of a latent's parameter. */
  readonly weight: (name: string) => string;
  /** (B) int64: tokens of each sequence that are its prompt. */
  readonly promptLength: string;
  /** (1 or B, K): where its sum is positive, taken in the place of p(z|x). */
  readonly codeOverride: string | null;
}

/** h_x (B, d) of hidden states after the final norm (B·T, d). */
function promptState(
  graph: GraphWriter,
  backbone: BackboneGraph,
  hidden: string,
  { latent, hiddenSize, promptLength }: LatentGraphOptions,
): string {
  const length = graph.node('Unsqueeze', [promptLength, graph.integers([1])]); // (B, 1)
  const places = graph.node('Unsqueeze', [backbone.places, graph.integers([0])]); // (1, T)
  const isMean = latent.pooling === 'mean';
  const member = isMean
    ? graph.node('Less', [places, length])
    : graph.node('Equal', [places, graph.node('Sub', [length, graph.integers([1], [])])]);
  const share = graph.node('Cast', [member], { to: { type: 'float32' } });
  const count = graph.node('ReduceSum', [share, graph.integers([1])], { keepdims: 1 });
  const weights = graph.node('Unsqueeze', [graph.node('Div', [share, count]), graph.integers([1])]); // (B, 1, T)
  const to = graph.node('Concat', [backbone.batch, backbone.length, graph.integers([hiddenSize])], {
    axis: 0,
  });
  const pooled = graph.node('MatMul', [weights, graph.node('Reshape', [hidden, to])]);
  return graph.node('Squeeze', [pooled, graph.integers([1])]);
}

function mlp(graph: GraphWriter, name: string, weight: (name: string) => string, x: string): string {
  const linear = (from: string, part: string): string =>
    graph.node('Gemm', [from, weight(`${name}.${part}.weight`), weight(`${name}.${part}.bias`)], {
      transB: 1,
    });
  const first = linear(x, 'hidden');
  return linear(graph.node('Mul', [first, graph.node('Sigmoid', [first])]), 'output');
}

/** The strongest code alone under `argmax`, else all by their weight. */
function readCodes(graph: GraphWriter, weights: string, latent: LatentConfig): string {
  if (latent.inference !== 'argmax') return weights;
  const best = graph.node('ArgMax', [weights], { axis: 1, keepdims: 0 });
  return graph.node('OneHot', [best, graph.integers([latent.codes]), graph.floats([0, 1])], { axis: 1 });
}

function overridden(graph: GraphWriter, weights: string, given: string): string {
  const total = graph.node('ReduceSum', [given, graph.integers([1])], { keepdims: 1 });
  const isGiven = graph.node('Greater', [total, graph.floats([0], [])]);
  const safe = graph.node('Where', [isGiven, total, graph.floats([1], [])]);
  return graph.node('Where', [isGiven, graph.node('Div', [given, safe]), weights]);
}

export function latentGraph(
  graph: GraphWriter,
  backbone: BackboneGraph,
  hidden: string,
  options: LatentGraphOptions,
): LatentNodes {
  const { latent, weight, hiddenSize, codeOverride } = options;
  const ofPrompt = (network: string): string =>
    mlp(graph, network, weight, promptState(graph, backbone, hidden, options));
  switch (latent.kind) {
    case 'codebook': {
      const codeWeights = graph.node('Softmax', [ofPrompt('prior')], { axis: -1 });
      const read = readCodes(graph, codeWeights, latent);
      const used = codeOverride === null ? read : overridden(graph, read, codeOverride);
      return { z: graph.node('MatMul', [used, weight('codebook')]), codeWeights };
    }
    case 'gaussian': {
      const halves = graph.integers([hiddenSize, hiddenSize]);
      const [mean] = graph.nodes('Split', [ofPrompt('prior'), halves], 2, { axis: 1 });
      return { z: mean as string, codeWeights: null };
    }
    case 'mlp':
      return { z: ofPrompt('vector'), codeWeights: null };
    case 'bias': {
      const to = graph.node('Concat', [backbone.batch, graph.integers([hiddenSize])], { axis: 0 });
      return { z: graph.node('Expand', [weight('vector.bias'), to]), codeWeights: null };
    }
    default:
      return unreachable(latent.kind);
  }
}
