/** Greedy continuation, recomputed from the start for each token: enough to look at a small model. */
import type { CompiledProgram, NamedData, Program } from '#compute/program.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { backboneHidden } from '../backbone/llama.ts';
import { weightNames } from '../backbone/weightNames.ts';
import { textRow, textRowSpecs } from './textRows.ts';

/** Output: `hidden` (T, d) of a text row; weights are read from state. */
export function hiddenProgram(backbone: BackboneConfig, rowTokens: number): Program {
  const names = weightNames(backbone);
  const { tokens, positions, pairOf, branch } = textRowSpecs(rowTokens);
  return {
    name: `hidden-${rowTokens}`,
    inputs: { tokens: tokens!, positions: positions!, pairOf: pairOf!, branch: branch! },
    state: names,
    constants: [],
    build({ inputs, state }) {
      const row = {
        tokens: inputs.tokens!,
        positions: inputs.positions!,
        pairOf: inputs.pairOf!,
        branch: inputs.branch!,
      };
      return { outputs: { hidden: backboneHidden(backbone, (name) => state[name]!, row) } };
    },
  };
}

/** Token with the largest logit at one position; head is (V, d), row-major. */
function bestToken(hidden: Float32Array, head: Float32Array, position: number, size: number): number {
  let best = 0;
  let bestLogit = Number.NEGATIVE_INFINITY;
  for (let token = 0; token * size < head.length; token++) {
    let logit = 0;
    for (let index = 0; index < size; index++)
      logit += hidden[position * size + index]! * head[token * size + index]!;
    if (logit > bestLogit) {
      best = token;
      bestLogit = logit;
    }
  }
  return best;
}

/** Tokens after the prompt, up to the end token (left out) or the end of the row. */
export async function continueGreedily(
  program: CompiledProgram,
  head: Float32Array,
  prompt: readonly number[],
  options: { readonly rowTokens: number; readonly hiddenSize: number; readonly endId: number },
): Promise<number[]> {
  const tokens = [...prompt];
  while (tokens.length < options.rowTokens) {
    const row = textRow([tokens], options.rowTokens);
    const inputs: NamedData = {
      tokens: row.tokens!,
      positions: row.positions!,
      pairOf: row.pairOf!,
      branch: row.branch!,
    };
    const { hidden } = await program.run(inputs);
    const token = bestToken(hidden as Float32Array, head, tokens.length - 1, options.hiddenSize);
    if (token === options.endId) break;
    tokens.push(token);
  }
  return tokens.slice(prompt.length);
}
