/** From the prompt's hidden states to z, as nodes: what inference uses, the prior alone. B sequences of T tokens. */
import { unreachable } from '#core/result.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { codeDirections, promptDirections } from '../../method/directions.ts';
import { CODE_LENGTH } from '../../method/heads.ts';
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

type WeightName = LatentGraphOptions['weight'];

const linear = (graph: GraphWriter, name: string, weight: WeightName, x: string): string =>
  graph.node('Gemm', [x, weight(`${name}.weight`), weight(`${name}.bias`)], { transB: 1 });

function mlp(graph: GraphWriter, name: string, weight: WeightName, x: string): string {
  const first = linear(graph, `${name}.hidden`, weight, x);
  return linear(graph, `${name}.output`, weight, graph.node('Mul', [first, graph.node('Sigmoid', [first])]));
}

/** h_x (B, d) as the networks read it: as it is, or in its whitened directions (B, r). */
function readPrompt(
  graph: GraphWriter,
  prompt: string,
  { latent, hiddenSize, weight }: Pick<LatentGraphOptions, 'latent' | 'hiddenSize' | 'weight'>,
): string {
  if (promptDirections(latent, hiddenSize) === 0) return prompt;
  const centred = graph.node('Sub', [prompt, weight('prompt.mean')]);
  const directions = graph.node('Transpose', [weight('prompt.directions')], { perm: [1, 0] });
  return graph.node('MatMul', [centred, directions]);
}

/** E (K, d), as `codebookOf` makes it. */
function codebook(graph: GraphWriter, { latent, hiddenSize, weight }: LatentGraphOptions): string {
  if (codeDirections(latent, hiddenSize) === 0) return weight('codebook');
  const scaled = graph.node('Mul', [weight('codebook'), weight(CODE_LENGTH)]);
  return graph.node('MatMul', [scaled, weight('codebook.directions')]);
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

/** p(z|x) (B, K) of a codebook's prior, from h_x (B, d). */
export function priorCodeWeights(
  graph: GraphWriter,
  prompt: string,
  options: Pick<LatentGraphOptions, 'latent' | 'hiddenSize' | 'weight'>,
): string {
  const { latent, weight } = options;
  const read = readPrompt(graph, prompt, options);
  const logits =
    latent.priorNetwork === 'linear'
      ? linear(graph, 'prior.output', weight, read)
      : mlp(graph, 'prior', weight, read);
  return graph.node('Softmax', [logits], { axis: -1 });
}

export function latentGraph(
  graph: GraphWriter,
  backbone: BackboneGraph,
  hidden: string,
  options: LatentGraphOptions,
): LatentNodes {
  const { latent, weight, hiddenSize, codeOverride } = options;
  const ofPrompt = (network: string): string =>
    mlp(graph, network, weight, readPrompt(graph, promptState(graph, backbone, hidden, options), options));
  switch (latent.kind) {
    case 'codebook': {
      const codeWeights = priorCodeWeights(graph, promptState(graph, backbone, hidden, options), options);
      const read = readCodes(graph, codeWeights, latent);
      const used = codeOverride === null ? read : overridden(graph, read, codeOverride);
      return { z: graph.node('MatMul', [used, codebook(graph, options)]), codeWeights };
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
