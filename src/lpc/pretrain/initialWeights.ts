/** Weights of an untrained backbone. */
import type { TensorData, TensorSpec } from '#compute/program.ts';
import { normals } from '#core/random.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { weightShapes } from '../backbone/weightNames.ts';

const STD = 0.02;

/**
 * Norms 1, biases 0, matrices N(0, 0.02²); those that write to the residual stream divided by √(2·layers), so that its
 * variance does not grow with depth (Radford et al. 2019).
 */
export function initialWeights(
  config: BackboneConfig,
  seed: number,
): Record<string, { spec: TensorSpec; data: TensorData }> {
  return Object.fromEntries(
    Object.entries(weightShapes(config)).map(([name, shape], counter) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const residual = /(o_proj|down_proj)\.weight$/.test(name);
      const std = residual ? STD / Math.sqrt(2 * config.layers) : STD;
      const data =
        shape.length === 1
          ? new Float32Array(size).fill(name.endsWith('norm.weight') ? 1 : 0)
          : normals({ seed, stream: 'pretrain.weights', counter }, size, std);
      return [name, { spec: { shape, dtype: 'float32' as const }, data }];
    }),
  );
}
