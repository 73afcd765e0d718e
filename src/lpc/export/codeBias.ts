/**
 * What a server that knows nothing of z can take where z enters at the LM head: for each code the biases of its strongest tokens, W_U e_k,
 * and the prior that says which codes a prompt fires.
 */
import { join } from 'node:path';
import { codesOf } from '#core/methods.ts';
import { unwrap } from '#core/result.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { mixedCodes } from '../method/codeVectors.ts';
import { pieceTexts } from '../tokens/pieceTexts.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { PRIOR_FILE, writePrior } from './onnx/writePrior.ts';
import type { ExportSource } from './source.ts';

const BIAS_FILE = 'code-bias.json';
/** Entries that servers of the OpenAI form take in one request. */
const STRONGEST = 300;
const DIGITS = 5;

/** Logits that a code adds, less their mean, which softmax does not see: (V). `head` (V, d), `code` (d). */
function shiftOf(head: Float32Array, code: Float32Array, vocabulary: number): Float32Array {
  const size = code.length;
  const shift = new Float32Array(vocabulary);
  let sum = 0;
  for (let token = 0; token < vocabulary; token++) {
    let value = 0;
    for (let at = 0; at < size; at++) value += (head[token * size + at] as number) * (code[at] as number);
    shift[token] = value;
    sum += value;
  }
  const mean = sum / vocabulary;
  return shift.map((value) => value - mean);
}

interface CodeBias {
  readonly code: number;
  /** Share of the code's squared shifts that the entries hold. */
  readonly share: number;
  /** As `logit_bias` of a request. */
  readonly logit_bias: Readonly<Record<string, number>>;
  readonly tokens: readonly { readonly id: number; readonly text: string; readonly bias: number }[];
}

function biasOf(code: number, shift: Float32Array, textOf: (id: number) => string): CodeBias {
  const strength = (id: number): number => Math.abs(shift[id] as number);
  const strongest = Array.from(shift.keys())
    .sort((a, b) => strength(b) - strength(a) || a - b)
    .slice(0, STRONGEST);
  const squares = (ids: Iterable<number>): number => {
    let sum = 0;
    for (const id of ids) sum += (shift[id] as number) ** 2;
    return sum;
  };
  const all = squares(shift.keys());
  const rounded = (id: number): number => Number((shift[id] as number).toPrecision(DIGITS));
  return {
    code,
    share: all === 0 ? 0 : Number((squares(strongest) / all).toFixed(4)),
    logit_bias: Object.fromEntries(strongest.map((id) => [String(id), rounded(id)])),
    tokens: strongest.map((id) => ({ id, text: textOf(id), bias: rounded(id) })),
  };
}

const SAYS =
  'z at the LM head adds W_U e_k to the logits for each code k, times p(k|x). A request that carries logit_bias of one code, or the sum over codes of p(k|x) times theirs, steers a server of the policy without z in that direction, by the strongest tokens alone. p(k|x) comes from prior.onnx.';

/** Null where z does not enter at the head or the run has no codes; else what to tell. */
export async function writeCodeBias(source: ExportSource, folder: string): Promise<string | null> {
  const { config, model, checkpoint } = source;
  const { latent } = config;
  const codes = codesOf(config);
  if (latent === null || codes === null || latent.injection !== 'head') return null;
  const { vocabulary, hiddenSize } = model.config;
  const head = await source.weight(lmHeadName(model.config));
  const tokenizer = unwrap(await openTokenizer(model.dir, { chosen: config.chatTemplate }));
  const textOf = (id: number): string => pieceTexts(tokenizer, [id])[0] ?? '';
  const table = Array.from({ length: codes }, (_, code) => {
    const alone = Array.from({ length: codes }, (__, other) => (other === code ? 1 : 0));
    const vector = mixedCodes(checkpoint.trained, latent, hiddenSize, alone);
    return biasOf(code, shiftOf(head, vector, vocabulary), textOf);
  });
  const content = { format: 1, says: SAYS, vocabulary, codes: table };
  await writeFileAtomic(join(folder, BIAS_FILE), [`${JSON.stringify(content, null, 1)}\n`]);
  await writePrior(source, folder);
  const shares = table.map(({ share }) => share);
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map(
    (share) => `${Math.round(100 * share)} %`,
  );
  const held = least === most ? least : `${least} to ${most}`;
  return (
    `${BIAS_FILE} gives each code as logit_bias of its ${STRONGEST} strongest tokens (${held} of what it adds, squared), for any server of the OpenAI form; ` +
    `${PRIOR_FILE} gives p(z|x) from the prompt’s hidden states (input prompt_state, batch × ${hiddenSize}).`
  );
}
