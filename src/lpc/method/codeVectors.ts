/** The codes of a trained run as vectors, for whoever mixes them outside of a program. */
import type { TensorData } from '#compute/program.ts';
import type { LatentConfig } from '#core/runConfig.ts';
import { codeDirections } from './directions.ts';
import { CODE_LENGTH } from './heads.ts';

type Trained = Readonly<Record<string, { readonly data: TensorData } | undefined>>;

/**
 * Σ_k w_k·E_k, (d): `codebookOf` for one mixture of the K codes, whether they are vectors of the hidden size or lie in
 * directions, E = length · C·B. Throws RangeError where a tensor of the run is missing.
 */
export function mixedCodes(
  trained: Trained,
  latent: LatentConfig,
  hiddenSize: number,
  weights: ArrayLike<number>,
): Float32Array {
  const values = (name: string): TensorData => {
    const found = trained[name]?.data;
    if (!found) throw new RangeError(`the run has no ${name}`);
    return found;
  };
  const directions = codeDirections(latent, hiddenSize);
  const mixed = mixedRows(values('codebook'), directions || hiddenSize, weights);
  if (directions === 0) return mixed;
  const [length] = values(CODE_LENGTH);
  return mixedRows(
    values('codebook.directions'),
    hiddenSize,
    mixed.map((value) => value * (length as number)),
  );
}

/** Σ_i w_i·row_i of rows of `width` values. */
function mixedRows(rows: TensorData, width: number, weights: ArrayLike<number>): Float32Array {
  const sum = new Float32Array(width);
  for (let row = 0; row < weights.length; row += 1)
    for (let at = 0; at < width; at += 1)
      sum[at] = (sum[at] as number) + (weights[row] as number) * (rows[row * width + at] as number);
  return sum;
}
