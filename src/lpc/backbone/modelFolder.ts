/** A Hugging Face model folder or a GGUF file, used in place: config and headers are read, weights stay in their files. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Constant } from '#compute/program.ts';
import { isFloatDtype } from '#compute/stored/encodeFloats.ts';
import type { ModelInfo } from '#core/jobs.ts';
import { FacetError, fail, ok, type Result, toFailure } from '#core/result.ts';
import { ggufAt } from '#disk/modelPlace.ts';
import { openGguf } from '../gguf/header.ts';
import { modelTexts } from '../gguf/place.ts';
import { ggufTensors } from '../gguf/tensors.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import { fileExists, isJsonObject, type JsonObject, type ReadText, readJsonObject } from './files.ts';
import { ADAPTER_CONFIG } from './peftAdapter.ts';
import type { TensorEntry } from './safetensorsHeader.ts';
import { openTensorFile, type TensorFile } from './safetensorsRead.ts';
import type { StartingAdapter } from './startingAdapter.ts';
import { parameterCount, weightShapes } from './weightNames.ts';

export interface ModelFolder {
  readonly dir: string;
  readonly config: BackboneConfig;
  /** Every tensor the backbone reads, by its Hugging Face name, each a slice of a file. */
  readonly tensors: Readonly<Record<string, Constant>>;
  readonly info: ModelInfo;
  /** Merged into the tensors as they are read; absent where the model is as its files have it. */
  readonly start?: StartingAdapter;
}

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const PICKLE = /\.(bin|pt|pth|ckpt|pkl)$/;

function missing(file: string, message: string, fix: string): FacetError {
  return new FacetError({ code: 'model.missing-file', message, fix, where: { file } });
}

function isAdapter(dir: string, adapter: JsonObject): FacetError {
  const base = adapter.base_model_name_or_path;
  const named = typeof base === 'string' && base !== '' ? base : null;
  return new FacetError({
    code: 'model.is-adapter',
    message: `${dir} is an adapter (PEFT ${String(adapter.peft_type ?? 'LORA')})${named === null ? '' : ` for ${named}`}, not a whole model.`,
    fix: `Choose ${named === null ? 'the model that it belongs to' : named}; a run on it can start from this adapter (Start from, facet train --from FOLDER).`,
    where: { file: join(dir, ADAPTER_CONFIG), field: 'base_model_name_or_path' },
  });
}

/** Tokenizers of SentencePiece and tiktoken, by their usual names. */
const OTHER_TOKENIZER = /(^tokenizer\.model(\.v\d+)?|\.tiktoken|^spiece\.model|^sentencepiece.*\.model)$/;

function needsConversion(dir: string, name: string): FacetError {
  const kind = /tiktoken/.test(name) ? 'tiktoken' : 'SentencePiece';
  return new FacetError({
    code: 'model.other-tokenizer',
    message: `${dir} has its tokenizer as ${name} (${kind}) alone; tokenizer.json is read here.`,
    fix: `Write tokenizer.json beside it, in Python: AutoTokenizer.from_pretrained(FOLDER, use_fast=True).save_pretrained(FOLDER). Many hubs have a copy of the model that brings one.`,
    where: { file: join(dir, name) },
  });
}

/** Names of the weight files, from the index where there is one. */
async function weightFileNames(dir: string): Promise<string[]> {
  if (await fileExists(join(dir, SINGLE))) return [SINGLE];
  const indexPath = join(dir, INDEX);
  const index = await readJsonObject(indexPath);
  if (index === null) {
    const pickle = (await readdir(dir)).find((name) => PICKLE.test(name));
    if (pickle !== undefined) {
      throw new FacetError({
        code: 'model.pickled',
        message: `${join(dir, pickle)} is a pickle file, which can run code when it is opened, so it is never read. ${dir} holds neither ${SINGLE} nor ${INDEX}.`,
        fix: 'Fetch the model in its safetensors form, or convert it to safetensors if you trust the file.',
        where: { file: join(dir, pickle) },
      });
    }
    throw missing(
      join(dir, SINGLE),
      `${dir} holds neither ${SINGLE} nor ${INDEX}.`,
      'Choose a folder with safetensors weights.',
    );
  }
  const bad = (field: string, message: string) =>
    new FacetError({
      code: 'model.bad-index',
      message: `${indexPath}: ${message}.`,
      fix: 'Fetch the index again.',
      where: { file: indexPath, field },
    });
  if (!isJsonObject(index.weight_map)) throw bad('weight_map', 'weight_map is not an object');
  const names = new Set<string>();
  for (const [tensor, file] of Object.entries(index.weight_map)) {
    if (
      typeof file !== 'string' ||
      basename(file) !== file ||
      file.includes('\\') ||
      !file.endsWith('.safetensors')
    ) {
      throw bad(
        tensor,
        `tensor "${tensor}" names ${JSON.stringify(file)}, which is no weight file of this folder`,
      );
    }
    names.add(file);
  }
  return [...names].sort();
}

async function openWeightFiles(dir: string): Promise<TensorFile[]> {
  const files: TensorFile[] = [];
  for (const name of await weightFileNames(dir)) {
    const path = join(dir, name);
    if (!(await fileExists(path))) {
      throw missing(path, `${path} is listed in the index but missing.`, 'Fetch the missing file.');
    }
    files.push(await openTensorFile(path));
  }
  return files;
}

interface LocatedTensor {
  readonly file: TensorFile;
  readonly entry: TensorEntry;
}

function locateTensors(files: readonly TensorFile[]): Map<string, LocatedTensor> {
  const located = new Map<string, LocatedTensor>();
  for (const file of files) {
    for (const entry of file.entries.values()) {
      const other = located.get(entry.name);
      if (other) {
        throw new FacetError({
          code: 'model.bad-safetensors',
          message: `Tensor "${entry.name}" is in both ${other.file.path} and ${file.path}.`,
          fix: 'Remove the file that does not belong to the model.',
          where: { file: file.path, field: entry.name },
        });
      }
      located.set(entry.name, { file, entry });
    }
  }
  return located;
}

function constantOf(name: string, shape: readonly number[], located: LocatedTensor): Constant {
  const { file, entry } = located;
  const wrong = (message: string) =>
    new FacetError({
      code: 'model.wrong-tensor',
      message: `${file.path}, tensor "${name}": ${message}.`,
      fix: 'Check that config.json and the weights belong to the same model.',
      where: { file: file.path, field: name },
    });
  if (!isFloatDtype(entry.dtype))
    throw wrong(`dtype ${entry.dtype} is not supported, only F32, F16 and BF16`);
  if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis])) {
    throw wrong(`shape [${entry.shape.join(', ')}], but the config asks for [${shape.join(', ')}]`);
  }
  return {
    spec: { shape, dtype: 'float32' },
    source: { kind: 'file', path: file.path, offset: entry.offset, bytes: entry.bytes, dtype: entry.dtype },
  };
}

async function hasChatTemplate(dir: string, read: ReadText): Promise<boolean> {
  if ((await read(join(dir, 'chat_template.jinja'))) !== null) return true;
  const tokenizerConfig = await readJsonObject(join(dir, 'tokenizer_config.json'), read);
  return (tokenizerConfig?.chat_template ?? null) !== null;
}

interface OpenedWeights {
  readonly tensors: Readonly<Record<string, Constant>>;
  readonly bytes: number;
}

async function weightsInFolder(dir: string, config: BackboneConfig): Promise<OpenedWeights> {
  const files = await openWeightFiles(dir);
  const located = locateTensors(files);
  const tensors: Record<string, Constant> = {};
  for (const [name, shape] of Object.entries(weightShapes(config))) {
    const found = located.get(name);
    if (!found) {
      const paths = files.map((file) => file.path).join(', ');
      throw new FacetError({
        code: 'model.missing-tensor',
        message: `Tensor "${name}" of shape [${shape.join(', ')}] is in none of ${paths}.`,
        fix: 'Check that config.json and the weights belong to the same model, and that all weight files are there.',
        where: { file: files[0]?.path ?? dir, field: name },
      });
    }
    tensors[name] = constantOf(name, shape, found);
  }
  return { tensors, bytes: files.reduce((total, file) => total + file.bytes, 0) };
}

async function weightsInGguf(path: string, config: BackboneConfig): Promise<OpenedWeights> {
  const file = await openGguf(path);
  return { tensors: ggufTensors(file, config), bytes: file.bytes };
}

const storedTypes = (tensors: Readonly<Record<string, Constant>>): string[] => [
  ...new Set(
    Object.values(tensors).flatMap(({ source }) => (source.kind === 'file' ? [source.dtype as string] : [])),
  ),
];

async function open(dir: string): Promise<ModelFolder> {
  const gguf = await ggufAt(dir);
  const read = await modelTexts(dir);
  const configPath = join(dir, 'config.json');
  const json = await readJsonObject(configPath, read);
  if (json === null) {
    const adapter = await readJsonObject(join(dir, ADAPTER_CONFIG), read);
    if (adapter !== null) throw isAdapter(dir, adapter);
    throw missing(
      configPath,
      `${configPath} is missing.`,
      'Choose a Hugging Face model folder, or a .gguf file.',
    );
  }
  const config = parseConfig(json, gguf ?? configPath);
  const tokenizerPath = join(dir, 'tokenizer.json');
  if ((await read(tokenizerPath)) === null) {
    const other = (await readdir(dir)).find((name) => OTHER_TOKENIZER.test(name));
    if (other !== undefined) throw needsConversion(dir, other);
    throw missing(
      tokenizerPath,
      `${tokenizerPath} is missing.`,
      'Fetch the model together with its tokenizer.json.',
    );
  }
  const { tensors, bytes } = await (gguf === null
    ? weightsInFolder(dir, config)
    : weightsInGguf(gguf, config));
  const info: ModelInfo = {
    architecture: config.architecture,
    parameters: parameterCount(config),
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    vocabulary: config.vocabulary,
    contextLength: config.contextLength,
    dtype: storedTypes(tensors).join('+'),
    bytes,
    chatTemplate: await hasChatTemplate(dir, read),
  };
  return { dir, config, tensors, info };
}

/**
 * Opens a model by its folder or GGUF file: checks config, weight headers and every tensor's shape; reads no weights.
 * Failures: `model.missing-file`, `model.is-adapter`, `model.other-tokenizer`, `model.pickled`, `model.invalid-json`, `model.unsupported-architecture`,
 * `model.unsupported-rope`, `model.bad-config`, `model.bad-index`, `model.bad-safetensors`, `model.missing-tensor`,
 * `model.wrong-tensor`, `model.unreadable`; of GGUF files `model.bad-gguf`, `model.unsupported-tensor-type`,
 * `model.several-files`, `tokens.unsupported-tokenizer`.
 */
export async function openModelFolder(dir: string): Promise<Result<ModelFolder>> {
  try {
    return ok(await open(dir));
  } catch (error) {
    if (error instanceof FacetError) return fail(error.failure);
    return fail({
      code: 'model.unreadable',
      message: `${dir} can't be read: ${toFailure(error).message}.`,
      fix: 'Check that the folder and its files can be read.',
      where: { file: dir },
    });
  }
}
