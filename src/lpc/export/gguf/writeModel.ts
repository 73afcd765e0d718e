/** The policy as one `.gguf` file: the backbone as trained, adapters merged in. */
import { join } from 'node:path';
import { putHeadsTogether } from '#compute/stored/decode.ts';
import { type GgufType, holdsRows, quantise } from '#compute/stored/quantise.ts';
import { methodName } from '#core/methods.ts';
import type { BackboneConfig } from '../../backbone/config.ts';
import { weightShapes } from '../../backbone/weightNames.ts';
import { ggufName, interleavedHeadsOf, isNorm } from '../../gguf/tensorNames.ts';
import { templateSource } from '../../tokens/knownTemplates.ts';
import { cannotCarry } from '../failures.ts';
import type { ExportSource } from '../source.ts';
import { ropeTensors } from './modelMetadata.ts';
import { type GgufBase, ggufBase } from './source.ts';
import type { GgufValue } from './values.ts';
import { type GgufTensorToWrite, writeGguf } from './writeGguf.ts';

/** llama.cpp's numbers of what most tensors of a file are. */
const FILE_TYPES: Readonly<Record<GgufType, number>> = { F16: 1, Q4_0: 2, Q8_0: 7 };
const QUANTIZATION_VERSION = 2;

/** Said in the file itself, for whoever meets it without the rest. */
const WITHOUT_Z =
  'The latent z is not in this file: it is the policy without z, not the one whose figures are given. code-bias.json and prior.onnx beside it, or the ONNX policy, carry z.';
const WITHOUT_Z_LAYERS =
  'The latent z is not in this file: it is the policy without z, not the one whose figures are given. The ONNX policy carries z.';

/** Rows and values as the file has them, float32. */
export function inFileOrder(
  name: string,
  values: Float32Array,
  rows: number,
  { interleaves }: Pick<GgufBase, 'interleaves'>,
  sizes: Pick<BackboneConfig, 'heads' | 'keyValueHeads' | 'normOffset'>,
): Float32Array {
  if (sizes.normOffset !== 0 && isNorm(name)) return values.map((value) => value + sizes.normOffset);
  const heads = interleaves ? interleavedHeadsOf(name, sizes) : null;
  if (heads === null) return values;
  const bytes = new Uint8Array(values.slice().buffer);
  return new Float32Array(putHeadsTogether(bytes, heads, bytes.byteLength / rows).buffer);
}

/** 1-D tensors stay float32; the vocabulary's weights are kept at 8 bits where the others have 4, as every token reads them. */
function typeOf(name: string, shape: readonly number[], asked: GgufType): GgufTensorToWrite['type'] {
  if (shape.length === 1) return 'F32';
  const isVocabulary = name.startsWith('model.embed_tokens') || name.startsWith('lm_head');
  const type = asked === 'Q4_0' && isVocabulary ? 'Q8_0' : asked;
  return holdsRows(type, shape.at(-1) as number) ? type : 'F16';
}

/** What is said of z in the file's metadata. */
export function latentMetadata({ config }: ExportSource): [string, GgufValue][] {
  const { latent } = config;
  if (latent === null) return [];
  const words = latent.injection === 'head' ? WITHOUT_Z : WITHOUT_Z_LAYERS;
  return [
    ['general.description', words],
    ['facet.latent.carried', false],
    ['facet.latent.kind', latent.kind],
    ['facet.latent.injection', latent.injection],
  ];
}

const chosenTemplate = (chosen: string): [string, GgufValue] => [
  'tokenizer.chat_template',
  templateSource(chosen),
];

export async function writeGgufModel(
  source: ExportSource,
  folder: string,
  type: GgufType,
): Promise<string[]> {
  const { config, model, checkpoint } = source;
  if (config.trainable === 'heads' && checkpoint.start === null)
    throw cannotCarry(
      'This run left the backbone as it was: a GGUF file of it would be the base model’s.',
      'Export the codebook: it comes with the prior and a table of biases that a server of the base model takes.',
    );
  const base = await ggufBase(model);
  const tensors = Object.entries(weightShapes(model.config)).map(([name, shape]): GgufTensorToWrite => {
    const as = typeOf(name, shape, type);
    return {
      name: ggufName(name, model.config),
      shape,
      type: as,
      bytes: async () => {
        const values = inFileOrder(name, await source.weight(name), shape[0] as number, base, model.config);
        return as === 'F32' ? new Uint8Array(values.slice().buffer) : quantise(values, as);
      },
    };
  });
  const metadata = await base.metadata();
  const own: [string, GgufValue][] = [
    ['general.type', 'model'],
    ['general.name', `${methodName(config)} policy`],
    ['general.file_type', { u32: FILE_TYPES[type] }],
    ['general.quantization_version', { u32: QUANTIZATION_VERSION }],
    ...latentMetadata(source),
    ...(config.chatTemplate === null ? [] : [chosenTemplate(config.chatTemplate)]),
  ];
  for (const [key, value] of own) metadata.set(key, value);
  await writeGguf(join(folder, `policy-${type}.gguf`), metadata, [...ropeTensors(model.config), ...tensors]);
  const wider = Object.entries(weightShapes(model.config)).filter(
    ([name, shape]) => shape.length > 1 && type !== 'F16' && typeOf(name, shape, type) === 'F16',
  );
  return [
    ...base.notes,
    ...(type === 'Q4_0' ? ['Embedding and LM head have 8 bits: every token reads them.'] : []),
    ...(wider.length === 0
      ? []
      : [
          `${wider.length} tensors whose rows are not whole blocks of 32 are F16, ${wider[0]?.[0]} among them.`,
        ]),
  ];
}
