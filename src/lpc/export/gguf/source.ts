/** What a GGUF export takes over from the base model: architecture, settings, tokenizer. */

import { readInto } from '#disk/bytes.ts';
import { ggufAt } from '#disk/modelPlace.ts';
import { openFile } from '#disk/openFile.ts';
import type { ModelFolder } from '../../backbone/modelFolder.ts';
import { architectureOf, INTERLEAVED } from '../../gguf/architecture.ts';
import { type GgufFile, openGguf } from '../../gguf/header.ts';
import { ggufArchitecture, modelMetadata, promisedContext } from './modelMetadata.ts';
import { tokenizerMetadata } from './tokenizerMetadata.ts';
import type { GgufValue } from './values.ts';

export interface GgufBase {
  readonly architecture: string;
  /** Whether rows of query and key heads are interleaved. */
  readonly interleaves: boolean;
  /** Settings and tokenizer. Throws `export.not-this-run` where the form has none for this model. */
  metadata(): Promise<Map<string, GgufValue>>;
  /** What a person must know of it. */
  readonly notes: readonly string[];
}

/** Entries that are the new file's own, or of how the old one lay. */
const OWN =
  /^(general\.(file_type|quantization_version|alignment|type|name|description|quantized_by)|split\..*|quantize\..*)$/;

async function rawMetadata({ path, metadataPlaces }: GgufFile): Promise<Map<string, GgufValue>> {
  const handle = await openFile(path);
  try {
    const found = new Map<string, GgufValue>();
    for (const [key, { offset, bytes }] of metadataPlaces) {
      if (OWN.test(key)) continue;
      const raw = new Uint8Array(bytes);
      await readInto(handle, raw, offset);
      found.set(key, { raw });
    }
    return found;
  } finally {
    await handle.close();
  }
}

export async function ggufBase({ dir, config }: ModelFolder): Promise<GgufBase> {
  const path = await ggufAt(dir);
  if (path !== null) {
    const file = await openGguf(path);
    const architecture = architectureOf(file);
    const interleaves = INTERLEAVED.includes(architecture);
    return { architecture, interleaves, metadata: () => rawMetadata(file), notes: [] };
  }
  const architecture = ggufArchitecture(config);
  const context = promisedContext(config);
  return {
    architecture,
    interleaves: (INTERLEAVED as readonly string[]).includes(architecture),
    metadata: async () => {
      const entries: [string, GgufValue][] = [
        ['general.architecture', architecture],
        ...modelMetadata(config),
        ...(await tokenizerMetadata(dir, config.vocabulary)),
      ];
      return new Map(entries);
    },
    notes:
      context < config.contextLength
        ? [
            `The model looks back ${context} tokens, which the file can’t say: it states a context of ${context}, within which nothing differs.`,
          ]
        : [],
  };
}
