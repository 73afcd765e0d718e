/** `policy.onnx` with its weights beside it in `policy.onnx.data`, and the tokenizer. */

import { join } from 'node:path';
import { encodeFloats } from '#compute/stored/encodeFloats.ts';
import { codesOf, hasPosterior, LATENT_FACTS } from '#core/methods.ts';
import { FileWriter, writeFileAtomic } from '#disk/writeFile.ts';
import { weightShapes } from '../../backbone/weightNames.ts';
import { parameterGroups } from '../../programs/policy.ts';
import { copyBeside } from '../modelFiles.ts';
import type { ExportSource } from '../source.ts';
import { GraphWriter } from './graphWriter.ts';
import { policyGraph } from './policyGraph.ts';

const GRAPH_FILE = 'policy.onnx';
const DATA_FILE = 'policy.onnx.data';
/** What readers that map the file into memory expect of an offset. */
const ALIGNMENT = 4096;

/** Writes values one tensor at a time; gives each one's offset. */
async function writeData(
  path: string,
  names: readonly string[],
  read: (name: string) => Promise<Float32Array>,
): Promise<Map<string, { offset: number; length: number }>> {
  const places = new Map<string, { offset: number; length: number }>();
  const file = await FileWriter.open(path);
  try {
    for (const name of names) {
      await file.write(new Uint8Array((ALIGNMENT - (file.bytes % ALIGNMENT)) % ALIGNMENT));
      const offset = file.bytes;
      const bytes = encodeFloats(await read(name), 'F32');
      await file.write(bytes);
      places.set(name, { offset, length: bytes.length });
    }
    await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
  return places;
}

export async function writeOnnx(source: ExportSource, folder: string): Promise<string[]> {
  const { model, config, checkpoint } = source;
  const shapes: Record<string, readonly number[]> = { ...weightShapes(model.config) };
  const groups = parameterGroups(config, model.config);
  const latentShapes = { ...groups.heads, ...groups.fixed };
  // The posterior reads the label: it belongs to training.
  for (const [name, { shape }] of Object.entries(latentShapes)) {
    if (!name.startsWith('posterior.')) shapes[name] = shape;
  }
  const read = async (name: string): Promise<Float32Array> => {
    if (!(name in latentShapes)) return source.weight(name);
    const data = checkpoint.trained[name]?.data;
    if (data instanceof Float32Array) return data;
    throw new RangeError(`the checkpoint has no ${name}`);
  };
  const places = await writeData(join(folder, DATA_FILE), Object.keys(shapes), read);
  const graph = new GraphWriter();
  const held = new Set<string>();
  policyGraph(graph, source, (name) => {
    const place = places.get(name);
    const shape = shapes[name];
    if (!place || !shape) throw new RangeError(`no values for ${name}`);
    if (!held.has(name)) graph.external(name, shape, DATA_FILE, place.offset, place.length);
    held.add(name);
    return name;
  });
  const metadata = { latent: JSON.stringify(config.latent), step: String(checkpoint.config.step) };
  await writeFileAtomic(join(folder, GRAPH_FILE), [graph.finish('policy', metadata)]);
  await copyBeside(model.dir, folder, config);
  return notesOf(source);
}

function notesOf({ config }: ExportSource): string[] {
  const { latent } = config;
  const notes = [
    'policy.onnx needs policy.onnx.data beside it. It reads whole sequences: inputs input_ids (batch, sequence) and, where z is made from the prompt, prompt_length (batch).',
  ];
  if (codesOf(config) !== null) {
    notes.push(
      'z is inside: code_weights gives p(z|x). Feed code_override (1 or batch rows, one value per code) with zeros to keep p(z|x), or with weights of your own to steer.',
    );
  } else if (latent)
    notes.push(
      `z is inside: ${LATENT_FACTS[latent.kind].readsPrompt ? 'made from the prompt' : 'one vector for all prompts'}.`,
    );
  if (hasPosterior(config) && latent?.inference === 'sample')
    notes.push(
      'The run samples its latent; the graph uses the expectation, since it draws no random numbers.',
    );
  return notes;
}
